
/** The record, with the values of an event. */
function filled(context, fields) {
  const all = { ...context.fields };
  for (const [record, values] of Object.entries(fields ?? {})) all[record] = { ...all[record], ...values };
  return all;
}

const agreed = (context, confirmed) => ({ ...context.confirmed, ...confirmed });
const moment = ({ context, event }) => event.now ?? context.now ?? wall(new Date(), timezone);
const counted = (context, move) => ({ ...context.taken, [move]: (context.taken[move] ?? 0) + 1 });

const actions = {
  set: assign({ fields: ({ context, event }) => filled(context, event.fields) }),
  confirm: assign({ confirmed: ({ context, event }) => agreed(context, event.confirmed) }),
  remember: assign({
    events: (at) => [...at.context.events, { type: at.event.name, at: at.event.at ?? moment(at) }],
  }),
  answer: assign({ answers: ({ context, event }) => ({ ...context.answers, ...event.answers }) }),
  move: assign({
    taken: ({ context }, { move }) => counted(context, move),
    enteredAt: (at) => moment(at),
  }),
  stay: assign({ taken: ({ context }, { move }) => counted(context, move) }),
  escalate: emit((_, params) => ({ type: 'escalate', ...params })),
  opens: emit((_, params) => ({ type: 'opens', ...params })),
};

/** What is known of a record when it begins. */
function fresh(name, input = {}) {
  const { context } = configs[name];
  if (typeof input !== 'object' || input === null) throw new TypeError('a record begins with an object');
  const stage = input.stage ?? context.begin;
  if (!beginnings[name].includes(stage)) {
    throw new TypeError(`no record begins in "${stage}"; they begin in ${beginnings[name].join(', ')}`);
  }
  const wrong = faults(context, input);
  if (wrong.length > 0) throw new TypeError(wrong.join('; '));
  return {
    ...structuredClone(context),
    fields: filled(context, input.fields),
    confirmed: agreed(context, input.confirmed),
    events: input.events ?? [],
    answers: input.answers ?? {},
    now: local(input.now, timezone),
    enteredAt: local(input.enteredAt ?? input.now ?? wall(new Date(), timezone), timezone),
    begin: stage,
  };
}

const machine = (name) =>
  setup({ guards, actions, delays }).createMachine({
    ...configs[name],
    context: ({ input }) => fresh(name, input),
  });

/** The machines, by name. */
export const machines = Object.fromEntries(Object.keys(configs).map((name) => [name, machine(name)]));

/** A record, ready to start: `begin('deal', { fields: { deal: { amount: 5 } } }).start()`. */
export function begin(name, input = {}, options = {}) {
  if (!Object.hasOwn(machines, name)) throw new TypeError(`no machine is called "${name}"`);
  // XState would tell of a fault later, and end the program.
  fresh(name, input);
  return createActor(machines[name], { clock, ...options, input });
}

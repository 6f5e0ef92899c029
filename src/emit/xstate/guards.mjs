
/** The record as the conditions see it: now, or at the `now` of the event, else of the context. */
export function view(context, event = {}) {
  const now = event.now ?? context.now;
  return {
    ...context,
    timezone,
    now: now === null || now === undefined ? wall(new Date(), timezone) : local(now, timezone),
    enteredAt: local(context.enteredAt, timezone),
    events: context.events.map(({ type, at }) => ({ type, at: local(at, timezone) })),
  };
}

const isTired = ({ atMost }, key, context) => atMost !== null && (context.taken[key] ?? 0) >= atMost;

/** Whether a move is open; a condition that the program has not answered keeps it closed. */
export function isOpen(key, context, event = {}) {
  const move = moves[key];
  if (isTired(move, key, context)) return false;
  const c = view(context, event);
  try {
    return move.asks.every(({ holds }) => holds(c));
  } catch (error) {
    if (error instanceof Unanswered) return false;
    throw error;
  }
}

/** What is missing for a move, in words; empty when it is open. */
export function missing(key, context, event = {}) {
  const move = moves[key];
  const c = view(context, event);
  const told = isTired(move, key, context) ? [words.atMost(move.atMost)] : [];
  for (const { title, holds } of move.asks) {
    try {
      if (!holds(c)) told.push(title);
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      told.push(words.unanswered(title, error.message));
    }
  }
  return told;
}

/** What is wrong with values, confirmations, answers, events and the time for a record; empty when they fit. */
export function faults(context, { fields: values, confirmed, answers, events = [], now }) {
  const found = [];
  const entries = (what, object) => {
    const isObject = typeof object === 'object' && object !== null && !Array.isArray(object);
    if (object !== undefined && !isObject) found.push(`${what} is no object`);
    return isObject ? Object.entries(object) : [];
  };
  for (const [record, own] of entries('"fields"', values)) {
    if (!Object.hasOwn(context.fields, record)) found.push(`there is no "${record}" here`);
    for (const [field] of entries(`"${record}"`, own)) {
      const known = Object.hasOwn(context.fields, record) && Object.hasOwn(fields[record], field);
      if (!known) found.push(`"${record}" has no field "${field}" here`);
      else found.push(...refused(() => fields[record][field]({ fields: values, timezone })));
    }
  }
  for (const [what, value] of entries('"confirmed"', confirmed)) {
    if (!Object.hasOwn(context.confirmed, what)) found.push(`nobody confirms "${what}" here`);
    else if (typeof value !== 'boolean') found.push(`"${what}" is not confirmed with true or false`);
  }
  for (const [question, value] of entries('"answers"', answers)) {
    if (typeof value !== 'boolean') found.push(`"${question}" is not answered with true or false`);
  }
  if (!Array.isArray(events)) found.push('"events" is no list');
  else {
    for (const event of events) {
      if (typeof event?.type !== 'string') found.push('an event has no name');
      found.push(...refused(() => local(event?.at, timezone)));
    }
  }
  found.push(...refused(() => local(now, timezone)));
  return found;
}

function refused(read) {
  try {
    read();
    return [];
  } catch (error) {
    if (error instanceof TypeError) return [error.message];
    throw error;
  }
}

/** The guards of the machines: one for each move, of the same name. */
export const guards = {
  ...Object.fromEntries(
    Object.keys(moves).map((key) => [
      key,
      // An event at no time is no reason to end the program: it is not taken.
      ({ context, event }) => faults(context, { now: event.now }).length === 0 && isOpen(key, context, event),
    ]),
  ),
  fits: ({ context, event }) => {
    const happened = event.type === 'record.event' ? [{ type: event.name, at: event.at ?? null }] : [];
    return faults(context, { ...event, events: happened }).length === 0;
  },
  'begins in': ({ context }, { stage }) => context.begin === stage,
};

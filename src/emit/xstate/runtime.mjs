// What the conditions of guards.mjs stand on. Two-valued: a condition is true or false for every
// record; a missing value is `null`, and a comparison with it is false.

/** A condition that only the program can answer, and has not: the move stays closed. */
export class Unanswered extends Error {}

// --- Numbers: exact fractions of whole numbers, so that 0.1 + 0.2 is 0.3 ---------------------

const NUMBER = /^([+-]?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i;

/** A number or its text as a fraction; `null` when it is missing. */
export function dec(value) {
  if (value === null || value === undefined) return null;
  if (typeof value === 'object' && 'd' in value) return value;
  const parts = NUMBER.exec(String(value));
  if (!parts) throw new TypeError(`${JSON.stringify(value)} is no number`);
  const [, sign, whole, broken = '', power = '0'] = parts;
  const scale = Number(power) - broken.length;
  let n = BigInt(whole + broken);
  if (sign === '-') n = -n;
  return scale < 0 ? { n, d: 10n ** BigInt(-scale) } : { n: n * 10n ** BigInt(scale), d: 1n };
}

const both = (make) => (a, b) => (a === null || b === null ? null : make(a, b));
export const add = both((a, b) => ({ n: a.n * b.d + b.n * a.d, d: a.d * b.d }));
export const sub = both((a, b) => ({ n: a.n * b.d - b.n * a.d, d: a.d * b.d }));
export const mul = both((a, b) => ({ n: a.n * b.n, d: a.d * b.d }));
export const neg = (a) => (a === null ? null : { n: -a.n, d: a.d });
/** Division by zero is missing. */
export const div = both((a, b) => {
  if (b.n === 0n) return null;
  const sign = b.n < 0n ? -1n : 1n;
  return { n: a.n * b.d * sign, d: a.d * b.n * sign };
});
/** So many percent of a number. */
export const share = (percent, of) => div(mul(percent, of), dec(100));

// --- Order: -1, 0, 1, or `null` when a side is missing ---------------------------------------

const rank = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
export const numbers = both((a, b) => rank(a.n * b.d, b.n * a.d));
/** Places in a list of options, true and false, dates, moments. */
export const plain = both(rank);
/** The other way round. */
export const turned = (order) => (order === null ? null : 0 - order);
/** Texts by their characters, not by the halves in which JavaScript keeps some of them. */
export const texts = both((a, b) => {
  const [left, right] = [[...a], [...b]];
  for (let at = 0; at < left.length && at < right.length; at += 1) {
    const order = rank(left[at].codePointAt(0), right[at].codePointAt(0));
    if (order !== 0) return order;
  }
  return rank(left.length, right.length);
});
export const eq = (order) => order === 0;
export const ne = (order) => order !== null && order !== 0;
export const lt = (order) => order !== null && order < 0;
export const le = (order) => order !== null && order <= 0;
export const gt = (order) => order !== null && order > 0;
export const ge = (order) => order !== null && order >= 0;

// --- Fields ----------------------------------------------------------------------------------

const read = (c, record, field) => c.fields?.[record]?.[field] ?? null;
export const text = (c, record, field) => {
  const value = read(c, record, field);
  return value === null || value === '' ? null : String(value);
};
export const number = (c, record, field) => dec(read(c, record, field));
export const flag = (c, record, field) => {
  const value = read(c, record, field);
  if (value !== null && typeof value !== 'boolean') {
    throw new TypeError(`${record}.${field}: ${JSON.stringify(value)} is not true or false`);
  }
  return value;
};
export const date = (c, record, field) => {
  const value = read(c, record, field);
  if (value === null) return null;
  if (!/^\d{4}-\d\d-\d\d$/.test(value) || written(ms(value), value) !== value) {
    throw new TypeError(`${record}.${field}: ${JSON.stringify(value)} is no date like 2026-03-31`);
  }
  return value;
};
export const moment = (c, record, field) => local(read(c, record, field), c.timezone);
/** The place of an option in its list. */
export const place = (c, record, field, options) => {
  const value = text(c, record, field);
  if (value === null) return null;
  const at = options.indexOf(value);
  if (at < 0) throw new TypeError(`${record}.${field} has no option ${JSON.stringify(value)}`);
  return at;
};
/** The options of a field that holds several; an empty list is missing. */
export const several = (c, record, field, options) => {
  const value = read(c, record, field);
  if (value === null) return null;
  if (!Array.isArray(value)) throw new TypeError(`${record}.${field}: ${JSON.stringify(value)} is no list`);
  const stray = value.find((one) => !options.includes(one));
  if (stray !== undefined) throw new TypeError(`${record}.${field} has no option ${JSON.stringify(stray)}`);
  return value.length === 0 ? null : value;
};
export const hasOneOf = (list, wanted) => list !== null && wanted.some((one) => list.includes(one));

// --- Time: texts like 2026-03-31T09:00:00, in the time zone of the process -------------------

/** What clocks in a time zone show at an instant. */
export function wall(instant, timezone) {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: timezone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit',
    hour: '2-digit', minute: '2-digit', second: '2-digit',
  }).formatToParts(instant);
  const part = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  const year = part.year.padStart(4, '0');
  return `${year}-${part.month}-${part.day}T${part.hour}:${part.minute}:${part.second}`;
}

/** A moment in the time zone of the process: as it is, or converted from an instant. */
export function local(value, timezone) {
  if (value === null || value === undefined) return null;
  if (value instanceof Date && !Number.isNaN(value.getTime())) return wall(value, timezone);
  const parts = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d)?(\.\d+)?(Z|[+-]\d\d:\d\d)?$/.exec(value);
  const day = parts?.[1];
  const isReal = day && written(ms(day), day) === day && !Number.isNaN(new Date(value).getTime());
  if (!isReal) {
    throw new TypeError(`${JSON.stringify(value)} is no moment like 2026-03-31T09:00:00`);
  }
  if (parts[5]) return wall(new Date(value), timezone);
  return `${parts[1]}T${parts[2]}${parts[3] ?? ':00'}`;
}

const ms = (at) => Date.parse(at.length === 10 ? `${at}T00:00:00Z` : `${at}Z`);
const written = (at, like) => {
  const instant = new Date(at);
  const year = instant.getUTCFullYear();
  if (Number.isNaN(at) || !(year >= 1 && year <= 9999)) return null;
  return instant.toISOString().slice(0, like.length);
};

/** A date or moment, later by seconds and months; the last day of a month where it ends early. */
export function plus(at, { seconds = 0, months = 0 }) {
  if (at === null) return null;
  if (months === 0) return written(ms(at) + seconds * 1000, at);
  const [year, month, day] = at.slice(0, 10).split('-').map(Number);
  const first = year * 12 + month - 1 + months;
  const last = new Date(Date.UTC(2000, 0, 1));
  last.setUTCFullYear(Math.floor(first / 12), (((first % 12) + 12) % 12) + 1, 0);
  if (Number.isNaN(last.getTime())) return null;
  last.setUTCDate(Math.min(day, last.getUTCDate()));
  return written(last.getTime() + ms(`1970-01-01T${at.slice(11) || '00:00:00'}`), at);
}

export const today = (c) => c.now.slice(0, 10);
const between = (x, a, b) => (a <= x && x <= b) || (b <= x && x <= a);
/** Whether a date or moment lies in the window that opens now. */
export const within = (c, at, length) => {
  if (at === null) return false;
  const now = at.length === 10 ? today(c) : c.now;
  const far = plus(now, length);
  return far !== null && between(at, now, far);
};
/** How many units of so many seconds lie between a date or moment and now. */
export const elapsed = (c, at, unit) => {
  if (at === null) return null;
  const now = at.length === 10 ? today(c) : c.now;
  return { n: BigInt((ms(now) - ms(at)) / 1000), d: BigInt(unit) };
};
/** Whether a time before or after a date or moment has come. */
export const struck = (c, at, length) => {
  const then = plus(at, length);
  return then !== null && then <= (then.length === 10 ? today(c) : c.now);
};
/** How the time in the stage stands to a length. */
export const stay = (c, length) => plain(c.now, plus(c.enteredAt, length));
/** Whether an event happened so often, in the time up to now. */
export const had = (c, type, atLeast, window) => {
  const from = window === null ? '' : plus(c.now, window);
  if (from === null) return false;
  const counts = (event) => event.type === type && from <= event.at && event.at <= c.now;
  return c.events.filter(counts).length >= atLeast;
};
/** How long a wait is, for the timers of XState. */
export const wait = (from, length) => {
  const to = plus(from, length);
  return to === null ? Number.MAX_SAFE_INTEGER : ms(to) - ms(from);
};

// --- Scores ----------------------------------------------------------------------------------

const least = (a, b) => (numbers(a, b) < 0 ? a : b);

function worth(c, { points, events, halves, expires }) {
  const past = (events ?? []).length === 0 ? [] :
    c.events.filter(({ type, at }) => events.includes(type) && at <= c.now).map(({ at }) => at);
  if (past.length === 0) return dec(points);
  const age = (ms(c.now) - ms(past.reduce((a, b) => (a > b ? a : b)))) / 1000;
  if (expires !== null && age > expires) return dec(0);
  if (halves === null || age === 0) return dec(points);
  if (halves <= 0) return dec(0);
  return dec((Number(points) * 0.5 ** (age / halves)).toFixed(6));
}

/** The points of a record: of each category, capped and weighted; then the sum, capped. */
export function score(c, { rules, caps, weights, cap }) {
  let total = dec(0);
  for (const category of ['fit', 'behavior']) {
    let sum = dec(0);
    for (const rule of rules) {
      if (rule.category === category && rule.when(c)) sum = add(sum, worth(c, rule));
    }
    if (category in caps) sum = least(sum, dec(caps[category]));
    if (category in weights) sum = share(dec(weights[category]), sum);
    total = add(total, sum);
  }
  return cap === null ? total : least(total, dec(cap));
}

/** The place of the grade that so many points give. */
export const grade = (points, bounds) =>
  bounds.findIndex((bound) => bound === null || ge(numbers(points, dec(bound))));

// --- What the program answers ----------------------------------------------------------------

/** A condition that is not compiled: the program says whether it holds. */
export function answer(c, question) {
  const known = c.answers?.[question];
  if (typeof known !== 'boolean') throw new Unanswered(question);
  return known;
}

// --- Timers ----------------------------------------------------------------------------------

const LONGEST = 2 ** 31 - 1;

/** A clock for `createActor`: JavaScript's own fires at once when a wait is longer than 24 days. */
export const clock = {
  setTimeout(strike, wait) {
    const timer = {};
    const step = (left) => {
      const part = Math.min(left, LONGEST);
      timer.id = setTimeout(() => (left > part ? step(left - part) : strike()), part);
    };
    step(wait);
    return timer;
  },
  clearTimeout(timer) {
    clearTimeout(timer?.id);
  },
};

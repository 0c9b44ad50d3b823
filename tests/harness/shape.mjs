// Is this value of the shape that was promised? Exact keys, so that a field that is missing, misspelled or new is seen.

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export const uuid = (value) => (typeof value === 'string' && UUID.test(value) ? undefined : 'is not a UUID');
export const string = (value) => (typeof value === 'string' ? undefined : 'is not a string');
export const text = (value) => (typeof value === 'string' && value !== '' ? undefined : 'is not a text');
export const number = (value) => (Number.isFinite(value) ? undefined : 'is not a number');
export const whole = (value) => (Number.isInteger(value) && value >= 0 ? undefined : 'is not a whole number');
export const boolean = (value) => (typeof value === 'boolean' ? undefined : 'is not true or false');
export const anything = () => undefined;
export const like = (pattern) => (value) => (typeof value === 'string' && pattern.test(value) ? undefined : `does not match ${pattern}`);
export const exactly = (expected) => (value) => (value === expected ? undefined : `is not ${JSON.stringify(expected)}`);
export const oneOf = (...expected) => (value) => (expected.includes(value) ? undefined : `is none of ${expected.join(', ')}`);
export const orNull = (shape) => (value) => (value === null ? undefined : mismatch(value, shape));
/** A key that may be absent. */
export const optional = (shape) => Object.assign((value) => mismatch(value, shape), { optional: true });
/** A list of these. */
export const list = (shape) => (value) => {
  if (!Array.isArray(value)) return 'is not a list';
  return value.map((one, index) => prefix(`[${index}]`, mismatch(one, shape))).find(Boolean);
};
/** A map from any key of this shape to these. */
export const mapOf = (key, shape) => (value) => {
  if (value === null || typeof value !== 'object') return 'is not a map';
  return Object.entries(value)
    .map(([name, one]) => prefix(`.${name}`, key(name) ?? mismatch(one, shape)))
    .find(Boolean);
};

/** Undefined when the value has the shape; otherwise where and why not. A shape is a function or an object of shapes. */
export function mismatch(value, shape) {
  if (typeof shape === 'function') return prefix('', shape(value), value);
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return `is not an object: ${JSON.stringify(value)}`;
  for (const [key, of] of Object.entries(shape)) {
    if (!(key in value)) {
      if (of.optional) continue;
      return `.${key} is missing in ${JSON.stringify(value)}`;
    }
    const wrong = mismatch(value[key], of);
    if (wrong) return prefix(`.${key}`, wrong);
  }
  const extra = Object.keys(value).find((key) => !(key in shape));
  return extra === undefined ? undefined : `.${extra} was not promised: ${JSON.stringify(value[extra])}`;
}

function prefix(where, wrong, value) {
  if (wrong === undefined) return undefined;
  const glue = /^[.[]/.test(wrong) ? '' : ' ';
  const what = value === undefined || /[:.[]/.test(wrong) ? '' : `: ${JSON.stringify(value)}`;
  return `${where}${where && glue}${wrong}${what}`;
}

/** Throws unless the value has the shape. */
export function assertShape(value, shape, what) {
  const wrong = mismatch(value, shape);
  if (wrong) throw new Error(`${what}${/^[.[]/.test(wrong) ? '' : ' '}${wrong}`);
}

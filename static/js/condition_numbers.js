// Numbers as people type them into conditions, in the unit that the page shows: `scale` times what is stored.
export const exact = (number) => Number(number.toPrecision(12));
export const shown = (value, scale) => String(exact(value * scale));

// Full-width digits and signs, as a Chinese keyboard writes them, and grouped thousands are numbers too.
const plain = (text) => text.normalize("NFKC").replace(/[\s,%×]/g, "").replace("−", "-");
export const numberOf = (text, scale = 1) => {
  const number = plain(text) === "" ? NaN : Number(plain(text));
  return Number.isFinite(number) ? exact(number / scale) : null;
};
// Several numbers stand apart by spaces or semicolons, because a comma may group thousands.
export const numbersOf = (text, scale) => {
  const numbers = text.split(/[\s;；、]+/).filter(Boolean).map((part) => numberOf(part, scale));
  return numbers.length && !numbers.includes(null) ? numbers : null;
};

// Quick search over the rows of the catalogue: by name, by what an action does, by its members.
const words = (text) => text.toLowerCase().split(/[\s.,;:]+/).filter(Boolean);
export const keyOf = (row) => `${row.product}.${row.action}`;

const capitals = (name) => name.replace(/[^A-Z0-9]/g, "").toLowerCase();

function score(row, word) {
  // 0 where it is not found. A name's beginning comes before its middle, a name before words, words before members.
  const name = row.action.toLowerCase();
  if (name === word || keyOf(row).toLowerCase() === word) return 100;
  if (name.startsWith(word)) return 80;
  if (row.product === word) return 70;
  if (name.includes(word)) return 60;
  if (word.length > 1 && capitals(row.action).startsWith(word)) return 50;
  if (row.about.some((text) => text.toLowerCase().includes(word))) return 40;
  const member = row.members.find((one) => one.toLowerCase() === word);
  if (member) return 35;
  return word.length > 2 && row.members.some((one) => one.toLowerCase().includes(word)) ? 20 : 0;
}

export function search(rows, text, { starred = [], recent = [] } = {}) {
  // Rows in which every word is found, best first; without words those that are starred or recent come first.
  const asked = words(text);
  const liked = (row) => (starred.includes(keyOf(row)) ? 2 : 0) + (recent.includes(keyOf(row)) ? 1 : 0);
  if (!asked.length) return [...rows].sort((one, other) => liked(other) - liked(one));
  const found = [];
  for (const row of rows) {
    const scores = asked.map((word) => score(row, word));
    if (scores.every(Boolean)) found.push({ row, total: scores.reduce((sum, one) => sum + one, 0) });
  }
  const order = (one, other) => other.total - one.total || liked(other.row) - liked(one.row) || one.row.action.length - other.row.action.length;
  return found.sort(order).map(({ row }) => row);
}

export function why(row, text) {
  // The member by which a row was found, when nothing else says why it is there.
  const asked = words(text).filter((word) => ![keyOf(row), ...row.about].some((one) => one.toLowerCase().includes(word)));
  return asked.map((word) => row.members.find((one) => one.toLowerCase().includes(word))).find(Boolean) ?? "";
}

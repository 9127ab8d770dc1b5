// Orders of rows, without a page: what was done to one order is done to another.

// `base` is the order somebody started from, `mine` what they made of it, `theirs` what is stored now.
export function rebase(base, mine, theirs) {
  const before = new Set(base);
  const wanted = new Set(mine);
  const kept = theirs.filter((id) => wanted.has(id) || !before.has(id));
  const common = mine.filter((id) => kept.includes(id));
  const moved = common.join() !== base.filter((id) => common.includes(id)).join();
  const result = moved ? arrange(kept, common) : [...kept];
  for (const [index, id] of mine.entries()) {
    if (before.has(id) || result.includes(id)) continue;
    insertAfter(result, mine.slice(0, index), id);
  }
  return result;
}

// Put the ids both know into my order, and leave the places of the others as they are.
function arrange(kept, common) {
  const queue = [...common];
  return kept.map((id) => (common.includes(id) ? queue.shift() : id));
}

function insertAfter(result, predecessors, id) {
  const neighbour = [...predecessors].reverse().find((other) => result.includes(other));
  result.splice(neighbour === undefined ? 0 : result.indexOf(neighbour) + 1, 0, id);
}

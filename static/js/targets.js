// The sheet of targets: cells pasted from a spreadsheet fill those to the right and below; arrows and Enter go up and down.
const sheet = document.querySelector("[data-sheet]");
const grid = [...sheet.querySelectorAll("tbody tr")].map((row) => [...row.querySelectorAll("input.targets-cell")]);
const placeOf = (input) => {
  const row = grid.findIndex((cells) => cells.includes(input));
  return [row, row < 0 ? -1 : grid[row].indexOf(input)];
};

sheet.addEventListener("paste", (event) => {
  const text = event.clipboardData.getData("text/plain").replace(/\r?\n$/, "");
  const [row, column] = placeOf(event.target);
  if (row < 0 || !/[\t\n]/.test(text)) return;
  event.preventDefault();
  text.split(/\r?\n/).forEach((line, down) =>
    line.split("\t").forEach((value, right) => {
      const cell = grid[row + down]?.[column + right];
      if (cell) cell.value = value.trim();
    }),
  );
});

sheet.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1, Enter: 1 }[event.key];
  const [row, column] = placeOf(event.target);
  if (!step || row < 0 || event.isComposing) return;
  event.preventDefault();
  const next = grid[row + step]?.[column];
  next?.focus();
  next?.select();
});

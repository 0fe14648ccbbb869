/** Leaves the charts of whose names every word is a part; sections without any go too. */
export function searchFilter(input: HTMLInputElement, moving: HTMLInputElement): void {
  const nothing = document.querySelector<HTMLElement>('.nothing');
  const apply = () => {
    const words = input.value
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== '');
    let shown = 0;
    for (const section of document.querySelectorAll<HTMLElement>('details.source')) {
      const charts = [...section.querySelectorAll<HTMLElement>('.chart')];
      for (const chart of charts) chart.hidden = !isWanted(chart, words, moving.checked);
      const left = charts.filter(({ hidden }) => !hidden).length;
      section.hidden = left === 0 && words.length > 0;
      shown += left;
    }
    if (nothing !== null) nothing.hidden = shown > 0 || words.length === 0;
  };
  input.addEventListener('input', apply);
  moving.addEventListener('change', apply);
}

function isWanted({ dataset, classList }: HTMLElement, words: readonly string[], onlyMoving: boolean): boolean {
  if (onlyMoving && classList.contains('flat')) return false;
  return words.every((word) => (dataset.search ?? '').includes(word));
}

const MARGIN = 12;

/** A note beside the pointer; text alone, since it may come from anywhere. */
export class Tip {
  readonly #box = document.createElement('div');

  constructor() {
    this.#box.className = 'tip';
    this.#box.hidden = true;
    document.body.append(this.#box);
  }

  show(lines: readonly string[], x: number, y: number): void {
    this.#box.replaceChildren(
      ...lines.map((line) => {
        const paragraph = document.createElement('p');
        paragraph.textContent = line;
        return paragraph;
      }),
    );
    this.#box.hidden = false;
    const { width, height } = this.#box.getBoundingClientRect();
    this.#box.style.left = `${Math.max(MARGIN, Math.min(x + MARGIN, innerWidth - width - MARGIN))}px`;
    this.#box.style.top = `${y + MARGIN + height > innerHeight ? y - height - MARGIN : y + MARGIN}px`;
  }

  hide(): void {
    this.#box.hidden = true;
  }
}

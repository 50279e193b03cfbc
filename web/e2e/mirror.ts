// Pages as a language that is written from right to left shows them: none is there yet, so the test sets the direction.
import type {Page} from 'playwright-core';

/** Runs in the page before all else: what the app says of the root's direction becomes right to left. */
export function fromRightToLeft() {
  const dir = Object.getOwnPropertyDescriptor(HTMLElement.prototype, 'dir')!;
  Object.defineProperty(HTMLElement.prototype, 'dir', {...dir, set(value: string) {
    dir.set!.call(this, this === document.documentElement ? 'rtl' : value);
  }});
}

/** What does not stand where a mirror would show it: everything is measured in both directions. Axes of time and what is drawn on them have a direction of
 *  their own; words within a line keep that of their language. */
export function notMirrored(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const root = document.documentElement;
    const atOnce = new CSSStyleSheet();
    atOnce.replaceSync('* { transition: none !important; }');
    document.adoptedStyleSheets = [atOnce];
    const parts = [...document.querySelectorAll('#root :is(header, nav, main, footer, h1, h2, h3, a, button, input, textarea, label, summary, table, th, td, li, img, video, [role])')]
      .filter((each) => !each.closest('[dir=ltr], svg') && getComputedStyle(each).display !== 'inline' && each.getBoundingClientRect().width > 1);
    const places = (dir: string) => {
      root.setAttribute('dir', dir);
      return parts.map((each) => each.getBoundingClientRect());
    };
    const turned = places('rtl'), plain = places('ltr');
    root.setAttribute('dir', 'rtl');
    document.adoptedStyleSheets = [];
    const kAway = 2; // px
    return parts.flatMap((each, at) => {
      const is = turned[at]!, mirrored = root.clientWidth - plain[at]!.right;
      if (is.left >= root.clientWidth || is.right <= 0) return []; // a menu that is not open
      return Math.abs(is.left - mirrored) <= kAway && Math.abs(is.width - plain[at]!.width) <= kAway ? []
        : [`${each.tagName.toLowerCase()} "${(each.getAttribute('aria-label') ?? each.textContent ?? '').slice(0, 40)}" at ${Math.round(is.left)}, in the mirror at ${Math.round(mirrored)}`];
    });
  });
}

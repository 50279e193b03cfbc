// Keywords and notes on the running timeline: a line where each begins, with its word.
import type uPlot from 'uplot';

export interface Mark {
  at: string;
  text: string;
}

export function marksPlugin(marks: () => readonly Mark[], secondsAt: (moment: string) => number | null): uPlot.Plugin {
  return {
    hooks: {
      draw: (u) => {
        const {min, max} = u.scales.x ?? {};
        if (min === undefined || max === undefined || min === null || max === null) return;
        const {ctx, bbox} = u;
        const ratio = devicePixelRatio || 1;
        const ink = getComputedStyle(document.documentElement).getPropertyValue('--py-ink-soft').trim();
        ctx.save();
        ctx.beginPath();
        ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
        ctx.clip();
        ctx.strokeStyle = ctx.fillStyle = ink;
        ctx.font = `${11 * ratio}px system-ui`;
        ctx.textBaseline = 'top';
        ctx.textAlign = 'left';
        ctx.lineWidth = ratio;
        ctx.setLineDash([4 * ratio, 3 * ratio]);
        let row = 0;
        for (const mark of marks()) {
          const at = secondsAt(mark.at);
          if (at === null || at < min || at > max) continue;
          const x = Math.round(u.valToPos(at, 'x', true));
          ctx.beginPath();
          ctx.moveTo(x, bbox.top);
          ctx.lineTo(x, bbox.top + bbox.height);
          ctx.stroke();
          ctx.fillText(mark.text.length > 22 ? `${mark.text.slice(0, 21)}…` : mark.text, x + 4 * ratio, bbox.top + (3 + 14 * (row % 3)) * ratio);
          row += 1;
        }
        ctx.restore();
      },
    },
  };
}

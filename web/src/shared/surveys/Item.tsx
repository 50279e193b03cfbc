import {memo, useId} from 'react';
import classes from './item.module.css';

interface Props {
  number: number;
  text: string;
  options: readonly {value: number; label: string}[];
  value: number | null;
  onChoose: (value: number) => void;
}

/** A question with its answers as native radio buttons: arrow keys, screen readers and thumbs all know them. */
export const Item = memo(function Item({number, text, options, value, onChoose}: Props) {
  const id = useId();
  return (
    <fieldset className={classes.item}>
      <legend className={classes.legend}><span className="py-number">{number}.</span> {text}</legend>
      <div className={classes.options}>
        {options.map((option) => (
          <label key={option.value} className={classes.option} data-checked={value === option.value || undefined}>
            <input type="radio" name={id} checked={value === option.value} onChange={() => onChoose(option.value)} />
            <span>{option.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}, (before, after) => before.value === after.value && before.text === after.text && before.options === after.options && before.onChoose === after.onChoose);

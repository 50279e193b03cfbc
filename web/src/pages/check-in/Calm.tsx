import classes from './check-in.module.css';

/** Something calm to look at: hills and a slow sun. Still where movement is not wanted. */
export function Calm() {
  return (
    <svg className={classes.calm} viewBox="0 0 400 400" preserveAspectRatio="xMidYMid slice" aria-hidden>
      <circle cx="200" cy="205" r="52" fill="#ffe2b3" />
      <path d="M-40 285 C 40 235 110 250 180 280 S 330 240 440 275 V 440 H -40 Z" fill="#1f5960" />
      <path d="M-40 325 C 60 285 150 320 230 322 S 380 290 440 318 V 440 H -40 Z" fill="#123c43" />
    </svg>
  );
}

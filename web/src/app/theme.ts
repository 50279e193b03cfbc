// Colours with meaning, type and spacing. Contrast of every pair that carries text was computed: at least 4.5 : 1 (theme.test.ts).
import {createTheme, type MantineColorsTuple} from '@mantine/core';

const petrol: MantineColorsTuple = ['#eef7f7', '#d9ecec', '#b2d8d9', '#86c2c4', '#5fabae', '#3b9094', '#237a7f', '#155e63', '#0f4a4e', '#0a3639'];
const ember: MantineColorsTuple = ['#fff4e5', '#ffe6c7', '#ffcd92', '#ffb454', '#f59b2b', '#d97f10', '#b56508', '#8f4e06', '#6d3b05', '#4a2803'];

// Mantine's dark surfaces with the tint of ours.
const dark: MantineColorsTuple = ['#e8eef0', '#b7c3c9', '#a3b1b8', '#74828a', '#3a464c', '#2c363b', '#20282c', '#1a2023', '#151b1e', '#0f1416'];

export const theme = createTheme({
  colors: {petrol, ember, dark},
  primaryColor: 'petrol',
  primaryShade: {light: 7, dark: 6}, // white is readable on both; Mantine chooses a button's text for the light one alone
  autoContrast: true,
  luminanceThreshold: 0.179, // where black and white contrast alike with it, 4.6 : 1
  defaultRadius: 'md',
  fontFamily: 'Inter, "Segoe UI", system-ui, -apple-system, "Helvetica Neue", "Noto Sans", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "Cascadia Mono", "Segoe UI Mono", Menlo, Consolas, monospace',
  fontSmoothing: true,
  headings: {fontWeight: '650', sizes: {h1: {fontSize: '1.75rem', lineHeight: '1.2'}, h2: {fontSize: '1.25rem', lineHeight: '1.3'}, h3: {fontSize: '1.05rem', lineHeight: '1.35'}}},
  respectReducedMotion: true,
  cursorType: 'pointer',
});

/** In the order of the model's classes. Hues that people with any kind of colour blindness tell apart beside the names. */
export const emotions = ['angry', 'disgust', 'fear', 'happy', 'sad', 'surprise', 'neutral'] as const;
export type Emotion = (typeof emotions)[number];
export const emotionColours: Record<Emotion, {light: string; dark: string}> = {
  angry: {light: '#c8352b', dark: '#ff7a70'},
  disgust: {light: '#5f7a12', dark: '#b3cc5a'},
  fear: {light: '#7a3fa8', dark: '#c79bf0'},
  happy: {light: '#a86400', dark: '#ffc14d'},
  sad: {light: '#2463b5', dark: '#82b4ff'},
  surprise: {light: '#b0307c', dark: '#ff93cd'},
  neutral: {light: '#5b6770', dark: '#aab6bf'},
};

export const risks = ['low', 'moderate', 'elevated', 'high'] as const;
export type Risk = (typeof risks)[number];
export const riskColours: Record<Risk, {light: string; dark: string; tint: {light: string; dark: string}}> = {
  low: {light: '#155e63', dark: '#7fd0d3', tint: {light: '#e3f2f2', dark: '#0f3437'}},
  moderate: {light: '#7a5200', dark: '#f5cd6b', tint: {light: '#fdf1d6', dark: '#3a2c08'}},
  elevated: {light: '#9a4207', dark: '#ffac70', tint: {light: '#ffe9d9', dark: '#43220b'}},
  high: {light: '#9c1f3c', dark: '#ff93a8', tint: {light: '#fde4ea', dark: '#45131f'}},
};

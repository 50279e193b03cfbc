import '@mantine/core/styles.css';
import './app/styles.css';
import {createRoot} from 'react-dom/client';
import {App} from './app/App';
import {startLanguage} from './i18n';

await startLanguage();
createRoot(document.getElementById('root')!).render(<App />);

import {i18n} from '@lingui/core';
import {t} from '@lingui/core/macro';
import {I18nProvider} from '@lingui/react';
import {DirectionProvider, MantineProvider} from '@mantine/core';
import {QueryClient, QueryClientProvider} from '@tanstack/react-query';
import {RouterProvider} from '@tanstack/react-router';
import {setNonce} from 'get-nonce';
import {useState} from 'react';
import {rememberCsrf, whenSignedOut} from '@/api/client';
import {Problem} from '@/api/problem';
import {Toasts} from '@/shared/ui/toasts';
import {meQuery} from './account';
import {createAppRouter} from './router';
import {theme} from './theme';

const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      // What the server refused it will refuse again; what could not be reached may be there in a moment.
      retry: (count, error) => count < 3 && (!(error instanceof Problem) || error.status === 0 || error.status === 503),
      retryDelay: (count) => Math.min(500 * 2 ** count, 5000),
    },
  },
});
const router = createAppRouter(queryClient);

whenSignedOut(() => {
  rememberCsrf(null);
  queryClient.setQueryData(meQuery.queryKey, null);
  void router.navigate({to: '/sign-in', search: {back: location.pathname + location.search}});
});

const nonce = document.querySelector<HTMLMetaElement>('meta[name=csp-nonce]')?.content ?? '';
setNonce(nonce); // for the style by which a dialogue stops the page behind it from scrolling

/** What Mantine's own buttons are called for those who hear them. */
function spoken() {
  const close = {defaultProps: {closeButtonProps: {'aria-label': t`Close`}}};
  return {...theme, components: {...theme.components, Modal: close, Drawer: close, Notification: close}};
}

export function App() {
  const [named] = useState(spoken);
  return (
    <I18nProvider i18n={i18n}>
      <DirectionProvider initialDirection={document.documentElement.dir === 'rtl' ? 'rtl' : 'ltr'}>
        <MantineProvider theme={named} defaultColorScheme="auto" getStyleNonce={() => nonce}>
          <QueryClientProvider client={queryClient}>
            <Toasts />
            <RouterProvider router={router} />
          </QueryClientProvider>
        </MantineProvider>
      </DirectionProvider>
    </I18nProvider>
  );
}

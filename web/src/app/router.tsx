// Every page's address. Pages are loaded when they are first opened, with their texts.
import type {QueryClient} from '@tanstack/react-query';
import {createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent, redirect, type RouteComponent} from '@tanstack/react-router';
import {loadPageTexts} from '@/i18n';
import {Failure} from '@/shared/ui/Failure';
import {PageLoading} from '@/shared/ui/PageLoading';
import {meQuery} from './account';
import {NotFound} from './NotFound';
import {Shell} from './shell/Shell';

interface Context {
  queryClient: QueryClient;
}

function page(folder: string, component: () => Promise<Record<string, unknown>>, name = 'default'): RouteComponent {
  return lazyRouteComponent(async () => {
    const [module] = await Promise.all([component(), loadPageTexts(folder)]);
    return module as Record<string, RouteComponent>;
  }, name);
}

const root = createRootRouteWithContext<Context>()({notFoundComponent: NotFound, errorComponent: ({error}) => <Failure error={error} />});

// What is no such text is told as undefined, not left out: the router lays what is checked over the raw search, so what is left out survives.
const text = (value: unknown, fits: (value: string) => boolean = () => true) => (typeof value === 'string' && fits(value) ? value : undefined);

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  // Only into this app.
  validateSearch: (search: Record<string, unknown>): {back?: string} => ({back: text(search.back, (back) => /^\/(?!\/)/.test(back))}),
  component: page('sign-in', () => import('@/pages/sign-in')),
});

// The part of the app that somebody is signed in to.
const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  component: Shell,
  beforeLoad: async ({context, location}) => {
    const me = await context.queryClient.ensureQueryData(meQuery);
    if (!me || me.account.must_change_password) {
      const back = location.href === '/' ? undefined : location.href;
      throw redirect({to: '/sign-in', search: back ? {back} : {}});
    }
  },
});

const at = <Path extends string>(path: Path, component: RouteComponent) => createRoute({getParentRoute: () => inside, path, component});

// With the job whose model an administrator is asked to take in.
const models = createRoute({
  getParentRoute: () => inside,
  path: '/models',
  validateSearch: (search: Record<string, unknown>): {job?: string} => ({job: text(search.job)}),
  component: page('models', () => import('@/pages/models')),
});

const live = createRoute({
  getParentRoute: () => inside,
  path: '/live',
  validateSearch: (search: Record<string, unknown>): {person?: string} => ({person: text(search.person)}),
  component: page('live', () => import('@/pages/live')),
});

const tabOf = (search: Record<string, unknown>): {tab?: string} => ({tab: text(search.tab)});
const person = createRoute({getParentRoute: () => inside, path: '/people/$person', validateSearch: tabOf, component: page('person', () => import('@/pages/person'))});
const mine = createRoute({getParentRoute: () => inside, path: '/me', validateSearch: tabOf, component: page('person', () => import('@/pages/person/mine'))});
const session = createRoute({
  getParentRoute: () => inside,
  path: '/sessions/$session',
  // A moment to begin at.
  validateSearch: (search: Record<string, unknown>): {at?: string} => ({at: text(search.at, (at) => !Number.isNaN(Date.parse(at)))}),
  component: page('session', () => import('@/pages/session')),
});

const routeTree = root.addChildren([
  signIn,
  inside.addChildren([
    at('/', page('home', () => import('@/pages/home'))),
    at('/people', page('people', () => import('@/pages/people'))),
    person,
    mine,
    at('/sessions', page('sessions', () => import('@/pages/sessions'))),
    session,
    at('/analytics', page('analytics', () => import('@/pages/analytics'))),
    at('/surveys', page('surveys', () => import('@/pages/surveys'))),
    at('/surveys/own', page('survey-builder', () => import('@/pages/survey-builder'))),
    at('/surveys/own/$definition', page('survey-builder', () => import('@/pages/survey-builder/EditPage'))),
    at('/surveys/$survey', page('survey', () => import('@/pages/survey'))),
    at('/surveys/$survey/take', page('survey-take', () => import('@/pages/survey-take'))),
    at('/account', page('account', () => import('@/pages/account'))),
    at('/admin', page('admin', () => import('@/pages/admin'))),
    at('/admin/$tab', page('admin', () => import('@/pages/admin'))),
    at('/groups', page('groups', () => import('@/pages/groups'))),
    at('/setup', page('setup', () => import('@/pages/setup'))),
    at('/setup/$step', page('setup', () => import('@/pages/setup'))),
    at('/studies', page('studies', () => import('@/pages/studies'))),
    at('/studies/$job', page('studies', () => import('@/pages/studies/StudyPage'))),
    at('/data', page('data', () => import('@/pages/data'))),
    at('/data/$dataset', page('data', () => import('@/pages/data/SetPage'))),
    at('/map', page('map', () => import('@/pages/map'))),
    at('/batch', page('batch', () => import('@/pages/batch'))),
    at('/batch/$job', page('batch', () => import('@/pages/batch/JobPage'))),
    at('/training', page('training', () => import('@/pages/training'))),
    at('/training/$job', page('training', () => import('@/pages/training/JobPage'))),
    models,
    at('/models/$model', page('models', () => import('@/pages/models/ModelPage'))),
    at('/models/audit/$job', page('models', () => import('@/pages/models/AuditPage'))),
    live,
    at('/check-in', page('check-in', () => import('@/pages/check-in'))),
    at('/live/$session', page('live', () => import('@/pages/live/Room'))),
  ]),
]);

export function createAppRouter(queryClient: QueryClient) {
  return createRouter({
    routeTree,
    context: {queryClient},
    defaultPreload: 'intent',
    defaultPendingComponent: PageLoading,
    defaultPendingMs: 150,
    defaultErrorComponent: ({error, reset}) => <Failure error={error} retry={reset} />,
    scrollRestoration: true,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}

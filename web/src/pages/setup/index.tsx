import {Trans, useLingui} from '@lingui/react/macro';
import {Box, Button, Progress, Skeleton, Text, Title, UnstyledButton} from '@mantine/core';
import {IconCircle, IconCircleCheckFilled, IconCircleDot, IconLock} from '@tabler/icons-react';
import {useQuery} from '@tanstack/react-query';
import {useNavigate, useParams} from '@tanstack/react-router';
import {useEffect, useRef, useState, type ReactNode} from 'react';
import {useAccount} from '@/app/account';
import {usersQuery} from '@/shared/accounts/users';
import {organisationsQuery} from '@/shared/groups/aggregates';
import {doneBySite, keepProgress, keptProgress, nextStep, steps, type Step} from '@/shared/setup/progress';
import {EmptyState} from '@/shared/ui/EmptyState';
import {Failure} from '@/shared/ui/Failure';
import {Page} from '@/shared/ui/Page';
import {CameraStep} from './CameraStep';
import {ConsentStep} from './ConsentStep';
import {DemoStep} from './DemoStep';
import {FinishStep} from './FinishStep';
import {GroupsStep} from './GroupsStep';
import {PeopleStep} from './PeopleStep';
import {SiteStep} from './SiteStep';
import classes from './setup.module.css';

function Steps({step, done, onStep}: {step: Step; done: ReadonlySet<Step>; onStep: (step: Step) => void}) {
  const {t} = useLingui();
  const names = useStepNames();
  return (
    <nav aria-label={t`Steps of the set-up`} className={classes.steps}>
      <ol>
        {steps.map((each) => {
          const Icon = each === step ? IconCircleDot : done.has(each) ? IconCircleCheckFilled : IconCircle;
          return (
            <li key={each}>
              <UnstyledButton className={classes.step} data-current={each === step || undefined} aria-current={each === step ? 'step' : undefined} onClick={() => onStep(each)}>
                <Icon size={20} aria-hidden color={done.has(each) || each === step ? 'var(--mantine-primary-color-filled)' : 'var(--py-ink-soft)'} />
                <Text size="sm" fw={each === step ? 650 : 500}>{names[each]}{done.has(each) && <span className={classes.hidden}> {t`(done)`}</span>}</Text>
              </UnstyledButton>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}

function useStepNames(): Record<Step, string> {
  const {t} = useLingui();
  return {site: t`This site`, groups: t`Organisation`, people: t`Who works here`, consent: t`Consent`, camera: t`Camera`, demo: t`Demo data`, finish: t`Ready`};
}

/** From an empty server to one that people can use. Each step can be skipped and taken up again. */
export default function SetupPage() {
  const {t} = useLingui();
  const {account, site} = useAccount();
  const navigate = useNavigate();
  const names = useStepNames();
  const {step: asked} = useParams({strict: false});
  const users = useQuery({...usersQuery, enabled: account.role === 'administrator'});
  const organisations = useQuery({...organisationsQuery, enabled: account.role === 'administrator'});
  const [kept, setKept] = useState(keptProgress);
  const heading = useRef<HTMLHeadingElement>(null);
  const ready = users.data && organisations.data;
  const bySite = ready ? doneBySite({site, users: users.data, organisations: organisations.data}) : new Set<Step>();
  const step = steps.find((each) => each === asked) ?? (ready ? nextStep(bySite, kept.seen) : null);
  useEffect(() => {
    // The address names the step, so that what is done in it does not lead away from it.
    if (!asked && step) void navigate({to: `/setup/${step}`, replace: true});
  }, [asked, step, navigate]);
  useEffect(() => {
    // The next step is announced; the first sight of the page is left where the browser puts it.
    if (asked) heading.current?.focus();
  }, [asked]);

  if (account.role !== 'administrator') {
    return <Page title={t`Set-up`}><EmptyState icon={IconLock} title={<Trans>Only for administrators</Trans>}><Trans>Your role does not include this.</Trans></EmptyState></Page>;
  }
  const failed = users.error ?? organisations.error;
  if (failed) return <Failure error={failed} />;
  if (!ready || !step) return <Page title={t`Set-up`}><Skeleton height={320} /></Page>;

  const done = new Set<Step>([...bySite, ...kept.seen.filter((each) => each !== 'site' && each !== 'groups' && each !== 'people'), ...(kept.finished ? ['finish' as const] : [])]);
  const keep = (next: typeof kept) => {
    keepProgress(next);
    setKept(next);
  };
  const go = (to: Step) => void navigate({to: `/setup/${to}`});
  const goOn = () => {
    if (!kept.seen.includes(step)) keep({...kept, seen: [...kept.seen, step]});
    go(steps[steps.indexOf(step) + 1] ?? 'finish');
  };
  const skip = <Button variant="subtle" color="gray" onClick={goOn}><Trans>Skip for now</Trans></Button>;
  const further = <Button onClick={goOn}><Trans>Go on</Trans></Button>;
  const contents: Record<Step, ReactNode> = {
    site: <SiteStep site={site} onDone={goOn} aside={skip} />,
    groups: <GroupsStep organisations={organisations.data} onDone={goOn} skip={skip} further={further} />,
    people: <PeopleStep users={users.data} skip={skip} further={further} />,
    consent: <ConsentStep site={site} further={further} />,
    camera: <CameraStep skip={skip} further={further} />,
    demo: <DemoStep further={further} />,
    finish: <FinishStep site={site} done={done} onStep={go} onFinish={() => { keep({seen: [...steps], finished: true}); void navigate({to: '/'}); }} />,
  };
  const at = steps.indexOf(step) + 1;
  return (
    <Page title={t`Set up this site`} lead={<Trans>You can leave at any time; what you did stays, and the start page brings you back here.</Trans>}>
      <Box hiddenFrom="md" mb="md"><Text size="sm" c="dimmed" mb={4}><Trans>Step {at} of {steps.length}: {names[step]}</Trans></Text><Progress value={(at / steps.length) * 100} aria-label={t`How far the set-up is`} /></Box>
      <div className={classes.columns}>
        <Box visibleFrom="md"><Steps step={step} done={done} onStep={go} /></Box>
        <Box className="py-paper" p={{base: 'md', sm: 'xl'}} component="section" aria-labelledby="setup-step">
          <Title order={2} id="setup-step" ref={heading} tabIndex={-1} mb="md" style={{outline: 'none'}}>{names[step]}</Title>
          {contents[step]}
        </Box>
      </div>
    </Page>
  );
}

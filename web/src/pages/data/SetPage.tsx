import {Trans, useLingui} from '@lingui/react/macro';
import {Badge, Group, Stack, Tabs} from '@mantine/core';
import {IconArrowLeft} from '@tabler/icons-react';
import {useQuery} from '@tanstack/react-query';
import {useParams} from '@tanstack/react-router';
import {useState} from 'react';
import {useJobAccess} from '@/shared/jobs/access';
import {NotForYou} from '@/shared/jobs/NotForYou';
import {AnchorLink} from '@/shared/ui/AnchorLink';
import {Failure} from '@/shared/ui/Failure';
import {Page} from '@/shared/ui/Page';
import {PageLoading} from '@/shared/ui/PageLoading';
import {Duplicates} from './Duplicates';
import {Kept} from './Kept';
import {Pictures} from './Pictures';
import {datasetQuery, duplicatesQuery} from './queries';
import {Versions} from './Versions';

function Dataset({id}: {id: string}) {
  const [tab, setTab] = useState<string | null>('pictures');
  const {data, error, refetch} = useQuery(datasetQuery(id));
  const duplicates = useQuery({...duplicatesQuery(id), enabled: tab !== 'pictures'});
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <PageLoading />;
  const conflicts = (duplicates.data?.exact.conflicts ?? 0) + (duplicates.data?.near.conflicts ?? 0);
  return (
    <Page title={data.name} lead={data.remarks ?? undefined}>
      <Stack>
        <AnchorLink to="/data" size="sm"><Group gap={4}><IconArrowLeft size={15} aria-hidden /><Trans>All data sets</Trans></Group></AnchorLink>
        <Tabs value={tab} onChange={setTab} keepMounted={false}>
          <Tabs.List mb="md">
            <Tabs.Tab value="pictures"><Trans>Pictures</Trans></Tabs.Tab>
            <Tabs.Tab value="duplicates" rightSection={conflicts > 0 ? <Badge size="sm" color="ember" circle>{conflicts}</Badge> : null}><Trans>Duplicates</Trans></Tabs.Tab>
            <Tabs.Tab value="versions"><Trans>Versions</Trans></Tabs.Tab>
            <Tabs.Tab value="people"><Trans>Kept in sessions</Trans></Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="pictures"><Pictures dataset={id} /></Tabs.Panel>
          <Tabs.Panel value="duplicates"><Duplicates dataset={id} /></Tabs.Panel>
          <Tabs.Panel value="versions"><Versions dataset={id} /></Tabs.Panel>
          <Tabs.Panel value="people"><Kept dataset={id} /></Tabs.Panel>
        </Tabs>
      </Stack>
    </Page>
  );
}

/** One data set: its pictures, what is there twice, its versions, and what sessions have given. */
export default function SetPage() {
  const {t} = useLingui();
  const access = useJobAccess();
  const {dataset = ''} = useParams({strict: false}) as {dataset?: string};
  return access.research ? <Dataset id={dataset} /> : <Page title={t`Data sets`}><NotForYou why={access.why ?? 'role'} /></Page>;
}

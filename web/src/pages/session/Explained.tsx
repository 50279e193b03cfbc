import {Trans, useLingui} from '@lingui/react/macro';
import {Anchor, Image, Text} from '@mantine/core';
import type {components} from '@/api/schema';
import {resultAddress} from '@/shared/jobs/jobs';

/** What the model looked at in one picture, once that has been computed. */
export function Explained({job}: {job: components['schemas']['Job'] | null}) {
  const {t} = useLingui();
  if (job?.state === 'failed') return <Text size="xs" role="alert">{job.error}</Text>;
  if (job?.state !== 'done') return null;
  const files = job.result?.files ?? [];
  const pictures = files.filter(({type}) => type === 'image/png'), page = files.find(({name}) => name.endsWith('.html'));
  if (pictures.length === 0) return <Text size="xs"><Trans>No face could be read at this moment.</Trans></Text>;
  return (
    <>
      {pictures.map(({name}) => <Image key={name} src={resultAddress(job.id, name)} alt={t`What the model looked at`} radius="sm" fit="contain" />)}
      {page && <Anchor size="xs" href={resultAddress(job.id, page.name)} download><Trans>With its faithfulness, as a page</Trans></Anchor>}
    </>
  );
}

import {useLingui} from '@lingui/react/macro';
import {Skeleton, Stack} from '@mantine/core';

/** The shape of a page that is on its way. */
export function PageLoading() {
  const {t} = useLingui();
  return (
    <Stack p="lg" gap="md" role="status" aria-label={t`Loading`}>
      <Skeleton height={32} width="40%" />
      <Skeleton height={120} />
      <Skeleton height={240} />
    </Stack>
  );
}

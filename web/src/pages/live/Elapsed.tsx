import {useLingui} from '@lingui/react/macro';
import {Text} from '@mantine/core';
import {useEffect, useState} from 'react';
import {duration} from '@/shared/format';

export function Elapsed({since}: {since: string}) {
  const {t} = useLingui();
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return <Text className="py-number" fw={600} role="timer" aria-label={t`Elapsed time`}>{duration((now - Date.parse(since)) / 1000)}</Text>;
}

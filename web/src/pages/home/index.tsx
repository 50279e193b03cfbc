import {useLingui} from '@lingui/react/macro';
import {useAccount} from '@/app/account';
import {Page} from '@/shared/ui/Page';

/** What the day holds, by role. */
export default function HomePage() {
  const {t} = useLingui();
  const {account} = useAccount();
  const name = account.display_name || account.name;
  return <Page title={t`Good day, ${name}`}>{null}</Page>;
}

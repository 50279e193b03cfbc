import {useNavigate, useParams, useSearch} from '@tanstack/react-router';
import {PersonRecord} from './PersonRecord';

/** The record of somebody in one's care, or of one's study. */
export default function PersonPage() {
  const {person = ''} = useParams({strict: false});
  const {tab} = useSearch({strict: false}) as {tab?: string};
  const navigate = useNavigate();
  return <PersonRecord key={person} person={person} tab={tab} onTab={(next) => void navigate({to: '/people/$person', params: {person}, search: {tab: next}, replace: true})} />;
}

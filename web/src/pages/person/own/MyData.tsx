import {Stack} from '@mantine/core';
import type {TabProps} from '../PersonRecord';
import {Erase} from './Erase';
import {Export} from './Export';
import {WhoLooked} from './WhoLooked';

/** What a participant can do with all of it: take it along, see who looked, erase it. */
export function MyData({person}: TabProps) {
  return (
    <Stack maw={860}>
      <Export person={person} />
      <WhoLooked person={person} />
      <Erase person={person} />
    </Stack>
  );
}

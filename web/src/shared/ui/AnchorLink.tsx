import {Anchor} from '@mantine/core';
import {createLink} from '@tanstack/react-router';

/** A link within the app that looks like one; its address is checked by its type. */
export const AnchorLink = createLink(Anchor<'a'>);

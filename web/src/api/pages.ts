// Lists come by pages; this gathers them for what must be looked through whole.

interface Page<Row> {
  rows: Row[];
  next?: string | null;
}

/** All rows, or the first `most` of them. `fetchPage` asks for the page after an id. */
export async function allRows<Row>(fetchPage: (after: {after?: string}) => Promise<Page<Row>>, most = 2000): Promise<Row[]> {
  const rows: Row[] = [];
  let next: string | null | undefined;
  do {
    const page = await fetchPage(next ? {after: next} : {});
    rows.push(...page.rows);
    next = page.next;
  } while (next && rows.length < most);
  return rows;
}

import { bytesText, countText } from '../lib/cli/words.ts';
import { ASSUMED, costOf, PRICES, PRICES_AS_OF } from './cost-assumptions.ts';
import {
  type BillLine,
  foundationBill,
  monthlyBill,
  type StackFacts,
  storageBill,
} from './cost-bill.ts';
import { QUESTIONS, questionCost, scannedBytes } from './cost-questions.ts';

/** Events a day that the document has a column for. */
const SIZES = [10_000, 100_000, 1_000_000];

/** Years after which the stored bytes are priced. */
const YEARS = [1, 7];

/** docs/cost.md. */
export function costDocument(stack: StackFacts): string {
  const [smallest = 0] = SIZES;
  const bills = SIZES.map((events) => monthlyBill(events, stack));
  return `# What a month costs

Made by \`npm run cost\` from [infra/cost-assumptions.ts](../infra/cost-assumptions.ts): do not edit. US dollars a month, for a stack with one foundation, list prices of US East (N. Virginia) as assumed on ${PRICES_AS_OF}, without free tiers; taxes and support are not in it. Every line is a quantity times a price, and both stand below.

| | ${SIZES.map((events) => `${countText(events)} events a day`).join(' | ')} |
|---|${SIZES.map(() => '--:|').join('')}
${YEARS.map((years) => totals(years, bills, stack)).join('\n')}

A further foundation costs ${usd(totalOf(foundationBill(stack)))} for its metrics, alarms and secret, and its own reading and storage.

## The month's bill

| service | for | quantity | ${SIZES.map(countText).join(' | ')} |
|---|---|---|${SIZES.map(() => '--:|').join('')}
${monthlyBill(smallest, stack)
  .map(
    (line, index) =>
      `| ${line.service} | ${line.what} | ${formulaOf(line, bills, index)} | ${bills.map((bill) => cell(bill[index])).join(' | ')} |`,
  )
  .join('\n')}
| **sum** | | | ${bills.map((bill) => `**${usd(totalOf(bill))}**`).join(' | ')} |

The first run of a new stack reads a month of days in addition: as much as \`archive-day\` costs in two weeks.

## Storage

Parts become cheaper after ${stack.infrequentAfterDays} and after ${stack.instantAfterDays} days, and stay readable for Athena. ${ASSUMED.bytesAnEvent} bytes an event (\`npm run bench:day\`).

${YEARS.map((years) => storageTable(years, stack)).join('\n\n')}

## A question

Athena asks for what it reads, 10 MB at least; it reads whole files up to ${bytesText(ASSUMED.wholeFileBytes)}, and of larger ones the row groups and columns that matter. \`max_scan\` refuses what would cost more.

| question | ${SIZES.map(countText).join(' | ')} |
|---|${SIZES.map(() => '--:|').join('')}
${QUESTIONS.map((question) => `| ${question.words} | ${SIZES.map((events) => `${bytesText(scannedBytes(events, question))}, $${questionCost(events, question).toFixed(4)}`).join(' | ')} |`).join('\n')}

## Prices

| price, USD | of one | source |
|--:|---|---|
${Object.values(PRICES)
  .map(({ usd: price, of, source }) => `| ${plain(price)} | ${of} | ${source} |`)
  .join('\n')}

## Assumptions

| | |
|---|--:|
${Object.entries(ASSUMED)
  .map(([name, value]) => `| ${wordsOf(name)} | ${value.toLocaleString('en-US')} |`)
  .join('\n')}

From the stack's own files: ${stack.archiveRuns} runs of \`archive\` and ${stack.digestRuns} of \`digest\` a month; ${stack.keys} keys, ${stack.secrets} secrets, ${stack.metrics} metrics, alarms on ${stack.alarmMetrics} metrics.
`;
}

const totalOf = (lines: readonly Pick<BillLine, 'quantity' | 'price'>[]): number =>
  lines.reduce((sum, line) => sum + costOf(line), 0);

function totals(years: number, bills: readonly BillLine[][], stack: StackFacts): string {
  const cells = bills.map((bill, index) =>
    usd(totalOf(bill) + totalOf(storageBill(SIZES[index] ?? 0, years, stack))),
  );
  return `| **after ${yearsText(years)}** | ${cells.map((text) => `**${text}**`).join(' | ')} |`;
}

function storageTable(years: number, stack: StackFacts): string {
  const bills = SIZES.map((events) => storageBill(events, years, stack));
  const rows = (bills[0] ?? []).map(
    ({ what, formula }, index) =>
      `| ${what} | ${formula} | ${bills
        .map((bill) => bill[index])
        .map((line) => `${bytesText((line?.quantity ?? 0) * 1e9)}, ${cell(line)}`)
        .join(' | ')} |`,
  );
  return `| after ${yearsText(years)} | quantity | ${SIZES.map(countText).join(' | ')} |
|---|---|${SIZES.map(() => '--:|').join('')}
${rows.join('\n')}
| **sum** | | ${bills.map((bill) => `**${usd(totalOf(bill))}**`).join(' | ')} |`;
}

const yearsText = (years: number): string => (years === 1 ? 'one year' : `${years} years`);

/** Where the formula has a number that differs by size, each of them. */
function formulaOf(line: BillLine, bills: readonly BillLine[][], index: number): string {
  const formulas = [...new Set(bills.map((bill) => bill[index]?.formula))];
  return formulas.length === 1 ? line.formula : formulas.join('; ');
}

const cell = (line: BillLine | undefined): string => (line === undefined ? '' : usd(costOf(line)));

const usd = (amount: number): string =>
  amount > 0 && amount < 0.005 ? '<$0.01' : `$${amount.toFixed(2)}`;

const plain = (price: number): string =>
  price.toLocaleString('en-US', { maximumFractionDigits: 12 });

/** `bytesAnEvent` as `bytes an event`. */
const wordsOf = (name: string): string =>
  name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

/** Fetch DuckDB's native binding for the functions' architecture: `npm run fetch:duckdb`. After it `npm run build:functions` needs no network; where it is not run, that fetches it. */
import { bindingFor, targetArchitecture } from './stage-duckdb.ts';

console.log(await bindingFor(targetArchitecture()));

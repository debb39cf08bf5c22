/** A path in which `*`, `?` and `[` are letters, where DuckDB would look for all files of such a pattern. */
export const literalPath = (path: string): string => path.replace(/[*?[]/g, '[$&]');

/**
 * Files below `foundation=<f>/dt=<day>/` as a relation that has these two as columns.
 *
 * DuckDB's own `hive_partitioning` takes any folder of the path for a column, also those above the archive: the first `dt=`, and one that is called as a column of the file in place of that column. Files are passed over by these expressions as well.
 *
 * @param files - SQL of a path or of a list of paths
 * @param options - more of `read_parquet`, each after a comma
 */
export const partitionedFiles = (files: string, options = ''): string => `(
  SELECT *,
    regexp_extract(filename, 'foundation=([a-z0-9-]+)\\Wdt=[0-9-]+\\W[\\w.-]+$', 1) AS foundation,
    regexp_extract(filename, 'dt=([0-9-]+)\\W[\\w.-]+$', 1) AS dt
  FROM read_parquet(${files}, hive_partitioning = false, filename = true${options})
)`;

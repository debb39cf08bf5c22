/** Of every Parquet file that is written here: about 50,000 rows; a multiple of DuckDB's vector of 2,048. */
export const ROW_GROUP_ROWS = 51_200;

// frames.parquet: the columns of frame_columns() as Apache Parquet, readable by pyarrow, pandas, DuckDB,
// Spark.
//
// Written by our own few hundred lines, because of the format we need little: flat optional columns, PLAIN
// values, zstd pages. Arrow's C++ library, the other way, would be a 62 MB download for it. Format: the
// Apache Parquet specification (parquet-format 2.x, parquet.thrift), footer in Thrift's compact protocol.
#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "pyro/base/result.hpp"
#include "pyro/records/observation.hpp"
#include "pyro/report/schema.hpp"

namespace pyro::report {

// Writes row groups of kParquetRowGroup rows as they fill, to `path`.part; finish() adds the index and gives
// the file its name. Memory: one row group, and some 10 kB of index per row group written. Not thread-safe.
class ParquetWriter {
 public:
  static Result<ParquetWriter> create(const std::filesystem::path& path,
                                      const std::vector<std::pair<std::string, std::string>>& metadata);
  // Without finish() the .part file is removed.
  ~ParquetWriter();
  ParquetWriter(ParquetWriter&&) noexcept;
  ParquetWriter& operator=(ParquetWriter&&) noexcept;

  Status append(const records::Observation& row);
  // A row that was kept: one cell for each of frame_columns(), each of its column's type or empty.
  Status append(std::span<const Cell> row);
  Status finish();

 private:
  struct Impl;
  explicit ParquetWriter(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};
inline constexpr std::int64_t kParquetRowGroup = 4096;

}  // namespace pyro::report

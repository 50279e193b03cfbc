#include "pyro/report/parquet_writer.hpp"

#include <zstd.h>

#include <cstring>
#include <system_error>

#include "pyro/report/output_file.hpp"
#include "pyro/report/schema.hpp"
#include "thrift_compact.hpp"

namespace pyro::report {
namespace {

// Numbers of parquet.thrift.
enum Physical : std::int32_t { kBoolean = 0, kInt64 = 2, kFloat = 4, kDouble = 5, kByteArray = 6 };
constexpr std::int32_t kOptional = 1, kPlain = 0, kRle = 3, kZstd = 6, kDataPage = 0;
constexpr std::int32_t kUtf8 = 0, kTimestampMicros = 10;  // ConvertedType
constexpr std::string_view kMagic = "PAR1";
constexpr int kZstdLevel = 1;

Physical physical(Type type) {
  switch (type) {
    case Type::float64:
      return kDouble;
    case Type::float32:
      return kFloat;
    case Type::boolean:
      return kBoolean;
    case Type::text:
      return kByteArray;
    case Type::int64:
    case Type::utc:
      break;
  }
  return kInt64;
}

template <typename Value>
void append_bytes(std::string& out, Value value) {  // little-endian, as every machine that we build for
  char bytes[sizeof(Value)];
  std::memcpy(bytes, &value, sizeof(Value));
  out.append(bytes, sizeof(Value));
}

// Bits, first in the lowest place, as Parquet packs booleans and definition levels.
class Bits {
 public:
  void add(bool bit) {
    if (count_ % 8 == 0) bytes_ += '\0';
    if (bit)
      bytes_.back() = static_cast<char>(static_cast<unsigned char>(bytes_.back()) | 1U << (count_ % 8));
    ++count_;
  }
  void clear() {
    bytes_.clear();
    count_ = 0;
  }
  [[nodiscard]] const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
  std::size_t count_ = 0;
};

// The values of one column in the row group that is being filled.
struct ColumnBuffer {
  std::string values;  // PLAIN
  Bits booleans;       // for Type::boolean, instead
  Bits present;        // definition levels: 1 a value, 0 null

  void operator()(std::monostate) {}
  void operator()(std::int64_t value) { append_bytes(values, value); }
  void operator()(double value) { append_bytes(values, value); }
  void operator()(float value) { append_bytes(values, value); }
  void operator()(bool value) { booleans.add(value); }
  void operator()(std::string_view value) {
    append_bytes(values, static_cast<std::uint32_t>(value.size()));
    values += value;
  }
  void operator()(UtcTime value) { append_bytes(values, std::int64_t{value.time_since_epoch().count()}); }

  void add(const Cell& cell) {
    present.add(cell.index() != 0);
    std::visit(*this, cell);
  }
  void page(std::string& out, Type type) const {
    // Definition levels: their length, then one bit-packed run whose header is (groups of 8) * 2 + 1.
    const std::string& levels = present.bytes();
    std::string run;
    std::uint64_t header = levels.size() << 1 | 1;
    for (; header >= 0x80; header >>= 7) run += static_cast<char>((header & 0x7F) | 0x80);
    run += static_cast<char>(header);
    append_bytes(out, static_cast<std::uint32_t>(run.size() + levels.size()));
    out += run;
    out += levels;
    out += type == Type::boolean ? booleans.bytes() : values;
  }
  void clear() {
    values.clear();
    booleans.clear();
    present.clear();
  }
};

struct Chunk {  // where a column of a row group lies
  std::int64_t offset = 0, size = 0, plain_size = 0;
};
struct RowGroup {
  std::int64_t rows = 0;
  std::vector<Chunk> chunks;
};

void write_schema_element(ThriftCompact& thrift, const Column<records::Observation>& column) {
  thrift.begin();
  thrift.field_i32(1, physical(column.type));
  thrift.field_i32(3, kOptional);
  thrift.field_text(4, column.name);
  if (column.type == Type::text) {
    thrift.field_i32(6, kUtf8);
    thrift.field_struct(10);  // LogicalType STRING
    thrift.field_struct(1);
    thrift.end();
    thrift.end();
  } else if (column.type == Type::utc) {
    thrift.field_i32(6, kTimestampMicros);
    thrift.field_struct(10);  // LogicalType TIMESTAMP, adjusted to UTC, microseconds
    thrift.field_struct(8);
    thrift.field_bool(1, true);
    thrift.field_struct(2);
    thrift.field_struct(2);
    thrift.end();
    thrift.end();
    thrift.end();
    thrift.end();
  }
  thrift.end();
}

void write_row_group(ThriftCompact& thrift, const RowGroup& group) {
  const auto columns = frame_columns();
  std::int64_t plain_size = 0, size = 0;
  thrift.begin();
  thrift.field_list(1, ThriftCompact::Element::structure, columns.size());
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const Chunk& chunk = group.chunks[i];
    plain_size += chunk.plain_size;
    size += chunk.size;
    thrift.begin();
    thrift.field_i64(2, chunk.offset);
    thrift.field_struct(3);
    thrift.field_i32(1, physical(columns[i].type));
    thrift.field_list(2, ThriftCompact::Element::i32, 2);
    thrift.element_i32(kPlain);
    thrift.element_i32(kRle);
    thrift.field_list(3, ThriftCompact::Element::text, 1);
    thrift.text(columns[i].name);
    thrift.field_i32(4, kZstd);
    thrift.field_i64(5, group.rows);
    thrift.field_i64(6, chunk.plain_size);
    thrift.field_i64(7, chunk.size);
    thrift.field_i64(9, chunk.offset);
    thrift.end();
    thrift.end();
  }
  thrift.field_i64(2, plain_size);
  thrift.field_i64(3, group.rows);
  thrift.field_i64(5, group.chunks.front().offset);
  thrift.field_i64(6, size);
  thrift.end();
}

}  // namespace

struct ParquetWriter::Impl {
  Impl(std::filesystem::path name, OutputFile part, std::vector<std::pair<std::string, std::string>> about)
      : path(std::move(name)),
        file(std::move(part)),
        metadata(std::move(about)),
        buffers(frame_columns().size()) {}
  ~Impl() {
    std::error_code ignored;
    if (!finished) std::filesystem::remove(file.path(), ignored);
  }

  Status write_group();
  Status end_row() { return ++rows < kParquetRowGroup ? Status{} : write_group(); }
  Status append_chunk(const ColumnBuffer& buffer, Type type, RowGroup& group);
  [[nodiscard]] std::string footer() const;

  std::filesystem::path path;
  OutputFile file;
  std::vector<std::pair<std::string, std::string>> metadata;
  std::vector<ColumnBuffer> buffers;
  std::vector<RowGroup> groups;
  std::int64_t rows = 0;  // in buffers
  std::int64_t all_rows = 0;
  bool finished = false;
  std::string page, packed, record;  // kept for their memory
};

Status ParquetWriter::Impl::append_chunk(const ColumnBuffer& buffer, Type type, RowGroup& group) {
  page.clear();
  buffer.page(page, type);
  packed.resize(ZSTD_compressBound(page.size()));
  const std::size_t size = ZSTD_compress(packed.data(), packed.size(), page.data(), page.size(), kZstdLevel);
  if (ZSTD_isError(size) != 0)
    return failed("cannot compress rows for " + path.string(), ZSTD_getErrorName(size));
  const std::size_t begin = record.size();
  ThriftCompact thrift{record};
  thrift.begin();
  thrift.field_i32(1, kDataPage);
  thrift.field_i32(2, static_cast<std::int32_t>(page.size()));
  thrift.field_i32(3, static_cast<std::int32_t>(size));
  thrift.field_struct(5);
  thrift.field_i32(1, static_cast<std::int32_t>(rows));
  thrift.field_i32(2, kPlain);
  thrift.field_i32(3, kRle);
  thrift.field_i32(4, kRle);
  thrift.end();
  thrift.end();
  const std::size_t header = record.size() - begin;
  record.append(packed.data(), size);
  group.chunks.push_back({file.bytes() + static_cast<std::int64_t>(begin),
                          static_cast<std::int64_t>(header + size),
                          static_cast<std::int64_t>(header + page.size())});
  return {};
}

Status ParquetWriter::Impl::write_group() {
  RowGroup group{rows, {}};
  record.clear();
  for (std::size_t i = 0; i < buffers.size(); ++i) {
    if (Status added = append_chunk(buffers[i], frame_columns()[i].type, group); !added) return added;
    buffers[i].clear();
  }
  if (Status written = file.write(record); !written) return written;
  groups.push_back(std::move(group));
  all_rows += rows;
  rows = 0;
  return {};
}

std::string ParquetWriter::Impl::footer() const {
  const auto columns = frame_columns();
  std::string out;
  ThriftCompact thrift{out};
  thrift.begin();
  thrift.field_i32(1, 2);  // format version
  thrift.field_list(2, ThriftCompact::Element::structure, columns.size() + 1);
  thrift.begin();
  thrift.field_text(4, "frames");
  thrift.field_i32(5, static_cast<std::int32_t>(columns.size()));
  thrift.end();
  for (const auto& column : columns) write_schema_element(thrift, column);
  thrift.field_i64(3, all_rows);
  thrift.field_list(4, ThriftCompact::Element::structure, groups.size());
  for (const RowGroup& group : groups) write_row_group(thrift, group);
  thrift.field_list(5, ThriftCompact::Element::structure, metadata.size());
  for (const auto& [key, value] : metadata) {
    thrift.begin();
    thrift.field_text(1, key);
    thrift.field_text(2, value);
    thrift.end();
  }
  thrift.field_text(6, "pyrometer");
  thrift.end();
  append_bytes(out, static_cast<std::uint32_t>(out.size()));
  out += kMagic;
  return out;
}

ParquetWriter::ParquetWriter(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ParquetWriter::~ParquetWriter() = default;
ParquetWriter::ParquetWriter(ParquetWriter&&) noexcept = default;
ParquetWriter& ParquetWriter::operator=(ParquetWriter&&) noexcept = default;

Result<ParquetWriter> ParquetWriter::create(
    const std::filesystem::path& path, const std::vector<std::pair<std::string, std::string>>& metadata) {
  std::filesystem::path part = path;
  part += ".part";
  Result<OutputFile> file = OutputFile::create(part);
  if (!file) return tl::make_unexpected(file.error());
  auto impl = std::make_unique<Impl>(path, std::move(*file), metadata);
  if (Status begun = impl->file.write(kMagic); !begun) return tl::make_unexpected(begun.error());
  return ParquetWriter{std::move(impl)};
}

Status ParquetWriter::append(const records::Observation& row) {
  const auto columns = frame_columns();
  for (std::size_t i = 0; i < columns.size(); ++i)
    impl_->buffers[i].add(columns[i].read(row, columns[i].which));
  return impl_->end_row();
}

Status ParquetWriter::append(std::span<const Cell> row) {
  for (std::size_t i = 0; i < row.size(); ++i) impl_->buffers[i].add(row[i]);
  return impl_->end_row();
}

Status ParquetWriter::finish() {
  if (impl_->rows > 0) {
    if (Status written = impl_->write_group(); !written) return written;
  }
  if (Status written = impl_->file.write(impl_->footer()); !written) return written;
  if (Status closed = impl_->file.close(); !closed) return closed;
  std::error_code error;
  std::filesystem::rename(impl_->file.path(), impl_->path, error);
  if (error)
    return failed("cannot name " + impl_->path.string() + ": check the folder's permissions",
                  error.message());
  impl_->finished = true;
  return {};
}

}  // namespace pyro::report

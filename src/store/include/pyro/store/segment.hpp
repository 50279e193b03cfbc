// One second of one session's observations as bytes for the database: the cells of report::frame_columns(),
// column by column, bit for bit.
//
// Layout, numbers little-endian: "PYSG", u8 format, u32 rows, u64 fingerprint (the first bytes of the SHA-256
// of all names and types), then one Zstandard frame with checksum. In it, per column: u8 length of the name,
// name, u8 type, u32 bytes, and these: u8 presence (0 no row has a value, 1 all have one, 2 a bitmap
// follows), then the values that are there:
//   int64, utc   differences, zig-zag, 7 bits a byte; utc in microseconds
//   float32, 64  raw bits, all first bytes, then all second ones …
//   boolean      a bitmap
//   text         each its length (7 bits a byte), then all characters
// Columns have their names, so that a program with more or fewer reads them: a column that a segment lacks
// has no value in any row, one that the program does not know is passed over.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pyro/base/result.hpp"
#include "pyro/records/observation.hpp"
#include "pyro/report/schema.hpp"

namespace pyro::store {

inline constexpr std::size_t kMostSegmentRows = std::size_t{16} * 60;  // faces × frames a second

// Errors: bad_input, no row or more than kMostSegmentRows.
[[nodiscard]] Result<std::string> encode_segment(std::span<const records::Observation> observations);

class Segment {
 public:
  // Of any bytes; takes at most some 8 MiB. Errors: bad_input, no segment, damaged, or a newer program's.
  [[nodiscard]] static Result<Segment> decode(std::string_view bytes);

  [[nodiscard]] std::size_t rows() const { return rows_; }
  // `column`: an index into report::frame_columns(). Text lives as long as the segment.
  [[nodiscard]] report::Cell cell(std::size_t row, std::size_t column) const;
  // As report::append_csv and append_json write the observation that was put in.
  void append_csv(std::string& out, std::size_t row) const;
  void append_json(std::string& out, std::size_t row) const;

 private:
  struct Values {
    std::vector<std::uint16_t>
        at;  // of each row, where in `bits` plus one; 0: no value. Empty: nowhere a value
    std::vector<std::uint64_t> bits;  // of text: where it begins in text_ (high half) and its length
  };
  friend class SegmentReader;

  std::size_t rows_ = 0;
  std::vector<Values> columns_;  // in the order of report::frame_columns()
  std::vector<char> text_;
};

}  // namespace pyro::store

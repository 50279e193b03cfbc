// What a Parquet reader makes of the file is checked by tests/system/read_parquet.py, with pyarrow.
#include "pyro/report/parquet_writer.hpp"

#include <gtest/gtest.h>

#include <cstring>

#include "test_support.hpp"
#include "thrift_compact.hpp"

namespace pyro::report {
namespace {

TEST(ThriftCompact, WritesTheSpecificationsBytes) {
  std::string out;
  ThriftCompact thrift{out};
  thrift.begin();
  thrift.field_i32(1, -1);                               // delta 1, i32; zigzag 1
  thrift.field_text(3, "ab");                            // delta 2, binary
  thrift.field_bool(4, true);                            // delta 1, true, no value
  thrift.field_list(5, ThriftCompact::Element::i32, 2);  // short list
  thrift.element_i32(64);                                // zigzag 128: two bytes
  thrift.element_i32(0);
  thrift.field_list(6, ThriftCompact::Element::structure, 200);  // long list, size as varint
  thrift.end();
  EXPECT_EQ(out, std::string("\x15\x01\x28\x02"
                             "ab\x11\x19\x25\x80\x01\x00\x19\xFC\xC8\x01\x00",
                             17));
}

TEST(ParquetWriter, AppearsWholeOrNotAtAll) {
  const Scratch scratch;
  score::Scorer scorer{score::ScoreSettings{}};
  {
    Result<ParquetWriter> cut = ParquetWriter::create(scratch / "a.parquet", {});
    ASSERT_TRUE(cut);
    ASSERT_TRUE(cut->append(sample(0, scorer)));
  }
  EXPECT_FALSE(std::filesystem::exists(scratch / "a.parquet"));
  EXPECT_FALSE(std::filesystem::exists(scratch / "a.parquet.part"));

  Result<ParquetWriter> writer = ParquetWriter::create(scratch / "a.parquet", {{"key", "value"}});
  ASSERT_TRUE(writer);
  for (std::int64_t i = 0; i < kParquetRowGroup + 10; ++i) ASSERT_TRUE(writer->append(sample(i, scorer)));
  ASSERT_TRUE(writer->finish());
  const std::string bytes = content(scratch / "a.parquet");
  EXPECT_TRUE(bytes.starts_with("PAR1"));
  EXPECT_TRUE(bytes.ends_with("PAR1"));
  std::uint32_t footer = 0;
  std::memcpy(&footer, bytes.data() + bytes.size() - 8, 4);
  EXPECT_LT(footer + 12, bytes.size());
}

}  // namespace
}  // namespace pyro::report

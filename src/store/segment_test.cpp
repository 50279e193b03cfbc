#include "pyro/store/segment.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <zstd.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <random>

#include "pyro/report/rows.hpp"
#include "test_support.hpp"

namespace pyro::store {
namespace {

using records::Observation;

// Numbers of every kind, the odd ones too.
Observation made_up(std::mt19937_64& random) {
  const auto chance = [&random](unsigned one_in) { return random() % one_in == 0; };
  const auto real = [&]() -> float {
    const auto bits = static_cast<std::uint32_t>(random());
    float value = 0;
    std::memcpy(&value, &bits, sizeof value);
    return chance(3) ? value : chance(5) ? records::kNoValue : static_cast<float>(random() % 1000) / 999.0F;
  };
  Observation row;
  row.frame =
      chance(20) ? std::numeric_limits<std::int64_t>::min() : static_cast<std::int64_t>(random() % 100000);
  row.time = Seconds{static_cast<double>(real())};
  row.utc = UtcTime{std::chrono::microseconds{static_cast<std::int64_t>(random() % 2'000'000'000'000'000)}};
  row.face.face_id = static_cast<std::int32_t>(random() % 5) - 1;
  row.face.box = {real(), real(), real(), real(), real(), {}, 0};
  row.face.pose = {real(), real(), real(), {}};
  row.face.has_blendshapes = chance(2);
  for (float& value : row.face.blendshapes) value = real();
  row.face.quality = {
      real(), real(), real(), real(), real(), real(), static_cast<records::GapReason>(random() % 10)};
  row.valid = chance(2);
  for (float& p : row.expression.p) p = real();
  row.fatigue.eye_openness = real();
  row.fatigue.perclos = real();
  row.fatigue.blink = chance(2);
  row.fatigue.blinks = static_cast<std::int32_t>(random());
  row.fatigue.blink_duration_ms = real();
  row.score.step = static_cast<double>(real()) * 1.1;
  row.score.index = -0.0;
  return row;
}

std::vector<Observation> made_up_rows(std::uint64_t seed, std::size_t count) {
  std::mt19937_64 random(seed);
  std::vector<Observation> rows;
  for (std::size_t i = 0; i < count; ++i) rows.push_back(made_up(random));
  return rows;
}

// Told apart where == does not: -0.0 from 0.0.
std::string bits_text(const report::Cell& cell) {
  std::string text = std::to_string(cell.index()) + ":";
  if (const auto* real = std::get_if<double>(&cell))
    text.append(reinterpret_cast<const char*>(real), sizeof *real);
  if (const auto* real = std::get_if<float>(&cell))
    text.append(reinterpret_cast<const char*>(real), sizeof *real);
  report::append_csv(text, cell);
  return text;
}

RC_GTEST_PROP(Segment, GivesBackEveryBit, (std::uint64_t seed)) {
  const std::vector<Observation> rows = made_up_rows(seed, *rc::gen::inRange<std::size_t>(1, 70));
  const auto bytes = encode_segment(rows);
  RC_ASSERT(bytes.has_value());
  auto decoded = Segment::decode(*bytes);
  RC_ASSERT(decoded.has_value());
  const Segment segment = std::move(*decoded);
  RC_ASSERT(segment.rows() == rows.size());
  const auto columns = report::frame_columns();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::size_t c = 0; c < columns.size(); ++c)
      RC_ASSERT(bits_text(segment.cell(i, c)) == bits_text(columns[c].read(rows[i], columns[c].which)));
    std::string csv, csv_of_row, json, json_of_row;
    segment.append_csv(csv, i);
    report::append_csv(csv_of_row, columns, rows[i]);
    RC_ASSERT(csv == csv_of_row);
    segment.append_json(json, i);
    report::append_json(json_of_row, rows[i]);
    RC_ASSERT(json == json_of_row);
  }
}

TEST(Segment, HoldsSixteenFacesAtSixtyFramesAndNoMore) {
  const std::vector<Observation> rows = made_up_rows(1, kMostSegmentRows + 1);
  const auto most = encode_segment(std::span(rows).first(kMostSegmentRows));
  ASSERT_TRUE(most);
  const auto decoded = Segment::decode(*most);
  ASSERT_TRUE(decoded) << why(decoded);
  EXPECT_EQ(decoded->rows(), kMostSegmentRows);
  for (const auto& wrong : {std::span(rows), std::span(rows).first(0)}) {
    const auto none = encode_segment(wrong);
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().code, ErrorCode::bad_input);
  }
}

TEST(Segment, RefusesDamage) {
  const std::string whole = encode_segment(made_up_rows(2, 30)).value();
  for (std::size_t cut = 0; cut < whole.size(); cut += 1 + cut / 8)
    EXPECT_FALSE(Segment::decode(whole.substr(0, cut)));
  EXPECT_FALSE(Segment::decode(whole + "x"));
  std::mt19937_64 random(3);
  int passed = 0;
  for (int i = 0; i < 2000; ++i) {
    std::string flipped = whole;
    char& byte = flipped[17 + random() % (whole.size() - 17)];  // behind the header
    byte = static_cast<char>(static_cast<unsigned char>(byte) ^ (1U << (random() % 8)));
    if (Segment::decode(flipped)) ++passed;
  }
  EXPECT_LE(passed, 3) << "the checksum of the contents";  // bits of Zstandard's own header that mean nothing
  std::string newer = whole;
  newer[4] = 2;
  const auto refused = Segment::decode(newer);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("newer"), std::string::npos);
}

// As a program with one column less and another one more would have written it.
TEST(Segment, OfAProgramWithOtherColumnsIsRead) {
  const std::vector<Observation> rows = made_up_rows(4, 3);
  const std::string whole = encode_segment(rows).value();
  const std::string_view packed = std::string_view(whole).substr(17);
  std::string raw(ZSTD_getFrameContentSize(packed.data(), packed.size()), '\0');
  ASSERT_EQ(ZSTD_decompress(raw.data(), raw.size(), packed.data(), packed.size()), raw.size());
  const auto columns = report::frame_columns();
  const std::string_view first = columns[0].name;
  ASSERT_EQ(raw.substr(1, first.size()), first);
  const std::size_t length_at = 1 + first.size() + 1;
  raw.erase(0, length_at + 4 + static_cast<unsigned char>(raw[length_at]));
  raw = std::string("\4more\x63\3\0\0\0abc", 13) + raw;
  std::string repacked(ZSTD_compressBound(raw.size()), '\0');
  repacked.resize(ZSTD_compress(repacked.data(), repacked.size(), raw.data(), raw.size(), 1));
  const auto segment = Segment::decode(whole.substr(0, 17) + repacked);
  ASSERT_TRUE(segment) << why(segment);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(segment->cell(i, 0), report::Cell{});
    for (std::size_t c = 1; c < columns.size(); ++c)
      EXPECT_EQ(bits_text(segment->cell(i, c)), bits_text(columns[c].read(rows[i], columns[c].which)));
  }
}

}  // namespace
}  // namespace pyro::store

#include "pyro/infer/task_bundle.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace pyro::infer {
namespace {

using Bytes = std::vector<std::uint8_t>;

void put(Bytes& out, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}
void put(Bytes& out, const std::string& text) {
  out.insert(out.end(), text.begin(), text.end());
}

std::uint32_t slow_crc(const std::string& text) {
  std::uint32_t crc = 0xffffffffU;
  for (const char c : text) {
    crc ^= static_cast<std::uint8_t>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1U) != 0 ? 0xedb88320U : 0U);
  }
  return ~crc;
}

struct Item {
  std::string name, content;
  int method = 0;
};

Bytes make_zip(const std::vector<Item>& items, const std::string& comment = "") {
  Bytes out, directory;
  for (const Item& item : items) {
    const auto at = out.size();
    put(out, 0x04034b50, 4);
    put(out, 20, 2), put(out, 0, 2), put(out, static_cast<std::uint64_t>(item.method), 2), put(out, 0, 4);
    put(out, slow_crc(item.content), 4), put(out, item.content.size(), 4), put(out, item.content.size(), 4);
    put(out, item.name.size(), 2), put(out, 0, 2), put(out, item.name), put(out, item.content);
    put(directory, 0x02014b50, 4);
    put(directory, 20, 2), put(directory, 20, 2), put(directory, 0, 2);
    put(directory, static_cast<std::uint64_t>(item.method), 2), put(directory, 0, 4);
    put(directory, slow_crc(item.content), 4), put(directory, item.content.size(), 4);
    put(directory, item.content.size(), 4), put(directory, item.name.size(), 2), put(directory, 0, 2);
    put(directory, 0, 2), put(directory, 0, 2), put(directory, 0, 2), put(directory, 0, 4),
        put(directory, at, 4);
    put(directory, item.name);
  }
  const auto start = out.size();
  out.insert(out.end(), directory.begin(), directory.end());
  put(out, 0x06054b50, 4), put(out, 0, 2), put(out, 0, 2), put(out, items.size(), 2),
      put(out, items.size(), 2);
  put(out, directory.size(), 4), put(out, start, 4), put(out, comment.size(), 2), put(out, comment);
  return out;
}

TEST(TaskBundle, GivesItsEntries) {
  const Bytes zip = make_zip({{"a.tflite", "hello"}, {"b.bin", ""}}, "a comment");
  const auto bundle = TaskBundle::parse(zip, "x.task");
  ASSERT_TRUE(bundle) << bundle.error().text();
  ASSERT_EQ(bundle->entries().size(), 2U);
  const auto found = bundle->find("a.tflite");
  ASSERT_TRUE(found);
  EXPECT_EQ(std::string(found->begin(), found->end()), "hello");
  EXPECT_FALSE(bundle->find("c"));
}

TEST(TaskBundle, RefusesWhatItCannotTrust) {
  const auto says = [](const Bytes& bytes) {
    const auto bundle = TaskBundle::parse(bytes, "x.task");
    return bundle ? std::string("accepted") : bundle.error().text();
  };
  EXPECT_THAT(says({}), ::testing::HasSubstr("x.task"));
  EXPECT_THAT(says(Bytes(100, 0)), ::testing::HasSubstr("no ZIP"));
  EXPECT_THAT(says(make_zip({{"a", "text", 8}})), ::testing::HasSubstr("compressed"));
  EXPECT_THAT(says(make_zip({{"a", "1"}, {"a", "2"}})), ::testing::HasSubstr("name of another"));
  Bytes changed = make_zip({{"a", "text"}});
  changed[31] ^= 1;  // first byte of the content
  EXPECT_THAT(says(changed), ::testing::HasSubstr("CRC-32"));
}

TEST(TaskBundle, SurvivesEveryCutAndEveryChangedByte) {
  const Bytes zip = make_zip({{"a", "some text"}, {"b", "more"}});
  for (std::size_t length = 0; length < zip.size(); ++length) {
    EXPECT_FALSE(TaskBundle::parse(std::span(zip).first(length), "x")) << length;
  }
  for (std::size_t at = 0; at < zip.size(); ++at) {
    for (const int flip : {0x01, 0x80, 0xff}) {
      Bytes changed = zip;
      changed[at] = static_cast<std::uint8_t>(changed[at] ^ flip);
      const auto bundle = TaskBundle::parse(changed, "x");  // either is fine; the sanitizers look on
      if (bundle) {
        EXPECT_LE(bundle->entries().size(), 2U);
      }
    }
  }
}

}  // namespace
}  // namespace pyro::infer

#include "pyro/security/seal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "anything.hpp"
#include "pyro/base/files.hpp"

namespace pyro::security {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

// A folder that goes with the test.
class SealFolder {
 public:
  SealFolder() {
    std::string name = (fs::temp_directory_path() / "pyro-security-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) std::abort();
    path_ = name;
  }
  SealFolder(const SealFolder&) = delete;
  SealFolder& operator=(const SealFolder&) = delete;
  ~SealFolder() { fs::remove_all(path_); }
  [[nodiscard]] fs::path operator/(const char* name) const { return path_ / name; }

 private:
  fs::path path_;
};

std::string content_of(const fs::path& path) {
  const Result<std::string> content = read_whole(path, 1U << 30U);
  return content ? *content : "cannot be read";
}

// Not random, so that a fault repeats.
std::string some_bytes(std::size_t size) {
  std::string bytes(size, '\0');
  std::uint32_t state = 1;
  for (char& byte : bytes) {
    state = state * 1'664'525U + 1'013'904'223U;
    byte = static_cast<char>(state >> 24U);
  }
  return bytes;
}

constexpr std::size_t kPieceBytes = 65'536;
constexpr std::size_t kHeadBytes = 8 + 4 + 24;

TEST(Seal, OpensInItsRowWithItsKeyOnly) {
  const std::vector<SealKey> keys = {SealKey::random(2), SealKey::random(1)};
  const Sealed sealed = seal("a secret", "users.totp:7", keys[1]);
  EXPECT_EQ(sealed.size(), 8U + 45U);
  EXPECT_EQ(*key_of(sealed), 1U);
  ASSERT_TRUE(open_sealed(sealed, "users.totp:7", keys));
  EXPECT_EQ(open_sealed(sealed, "users.totp:7", keys)->text(), "a secret");
  EXPECT_THAT(open_sealed(sealed, "users.totp:8", keys).error().message, HasSubstr("belongs to another row"));
  EXPECT_THAT(open_sealed(sealed, "users.totp:7", std::span{keys}.first(1)).error().message,
              HasSubstr("key 1, which is not here"));
  const std::vector<SealKey> other = {SealKey::random(1)};
  EXPECT_FALSE(open_sealed(sealed, "users.totp:7", other));
  EXPECT_NE(sealed, seal("a secret", "users.totp:7", keys[1])) << "each has its own nonce";
  EXPECT_EQ(open_sealed(seal("", "r", keys[0]), "r", keys)->text(), "");
}

TEST(Seal, EachPurposeHasItsOwnKey) {
  const SealKey site = SealKey::random(1), other = SealKey::random(1);
  EXPECT_EQ(derived_key(site.bytes(), "audit"), derived_key(site.bytes(), "audit"));
  EXPECT_NE(derived_key(site.bytes(), "audit"), derived_key(site.bytes(), "csrf"));
  EXPECT_NE(derived_key(site.bytes(), "audit"), derived_key(other.bytes(), "audit"));
}

TEST(Seal, ASecretThatWasMovedLeavesNothingBehind) {
  SecretText first{"short"};
  const char* const place = first.text().data();
  SecretText second{std::move(first)};
  EXPECT_EQ(second.text(), "short");
  EXPECT_EQ(std::string_view(place, 5),
            std::string_view("\0\0\0\0\0", 5));  // still the first object's own memory
  SecretText third{std::string(100, 'x')};
  third = std::move(second);
  EXPECT_EQ(third.text(), "short");
}

RC_GTEST_PROP(SealProperty, AnyFlippedBitIsRefused, (const std::string& plain)) {
  const std::vector<SealKey> keys = {SealKey::random(1)};
  Sealed sealed = seal(plain, "row", keys.front());
  RC_ASSERT(open_sealed(sealed, "row", keys)->text() == plain);
  sealed[any_below(sealed.size())] ^= static_cast<std::uint8_t>(1U << any_below(8U));
  RC_ASSERT(!open_sealed(sealed, "row", keys));
}

RC_GTEST_PROP(SealProperty, AnyShorterOneIsRefused, (const std::string& plain)) {
  const std::vector<SealKey> keys = {SealKey::random(1)};
  Sealed sealed = seal(plain, "row", keys.front());
  sealed.resize(any_below(sealed.size()));
  RC_ASSERT(!open_sealed(sealed, "row", keys));
}

TEST(SealFile, OfAnyLengthComesBack) {
  const SealFolder folder;
  const std::vector<SealKey> keys = {SealKey::random(3)};
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, kPieceBytes - 1, kPieceBytes,
                                 kPieceBytes + 1, 3 * kPieceBytes, 3 * kPieceBytes + 777}) {
    const std::string plain = some_bytes(size);
    ASSERT_TRUE(write_durably(folder / "plain", plain));
    const Status sealed = seal_file(folder / "plain", folder / "sealed", keys.front());
    ASSERT_TRUE(sealed) << sealed.error().text();
    const Status opened = open_file(folder / "sealed", folder / "again", keys);
    ASSERT_TRUE(opened) << size << ": " << opened.error().text();
    EXPECT_EQ(content_of(folder / "again"), plain);
    struct stat facts {};
    ASSERT_EQ(::stat((folder / "again").c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 0777U, 0600U);
    EXPECT_FALSE(fs::exists(folder / "again.part"));
  }
}

TEST(SealFile, CutReorderedAndLengthenedFilesAreRefusedAndLeaveNothing) {
  const SealFolder folder;
  const std::vector<SealKey> keys = {SealKey::random(3)};
  ASSERT_TRUE(write_durably(folder / "plain", some_bytes(3 * kPieceBytes + 500)));
  ASSERT_TRUE(seal_file(folder / "plain", folder / "sealed", keys.front()));
  const std::string good = content_of(folder / "sealed");
  const auto refused = [&](const std::string& content) -> std::string {
    EXPECT_TRUE(write_durably(folder / "bad", content));
    EXPECT_TRUE(write_durably(folder / "out", "as before"));
    const Status opened = open_file(folder / "bad", folder / "out", keys);
    EXPECT_EQ(content_of(folder / "out"), "as before");
    EXPECT_FALSE(fs::exists(folder / "out.part"));
    return opened ? "" : opened.error().message;
  };
  constexpr std::size_t kSealedPiece = kPieceBytes + 17;
  for (const std::size_t size : {std::size_t{0}, std::size_t{5}, kHeadBytes - 1}) {
    EXPECT_THAT(refused(good.substr(0, size)), HasSubstr("no file that this program sealed"));
  }
  for (const std::size_t size : {kHeadBytes, kHeadBytes + 3, kHeadBytes + kSealedPiece,
                                 kHeadBytes + 3 * kSealedPiece, good.size() - 1, good.size() - 500}) {
    EXPECT_THAT(refused(good.substr(0, size)), HasSubstr("cut off")) << size;
  }
  std::string swapped = good;
  std::swap_ranges(swapped.begin() + kHeadBytes, swapped.begin() + kHeadBytes + kSealedPiece,
                   swapped.begin() + kHeadBytes + kSealedPiece);
  EXPECT_THAT(refused(swapped), HasSubstr("in another order"));
  EXPECT_THAT(refused(good.substr(0, kHeadBytes) + good.substr(kHeadBytes + kSealedPiece)),
              HasSubstr("are missing"));
  EXPECT_NE(refused(good + "x"), "");
  EXPECT_NE(refused(good + good), "");
  std::string other_number = good;
  other_number[8] = 9;
  EXPECT_THAT(refused(other_number), HasSubstr("key 9, which is not here"));
}

TEST(SealFile, WhatIsAddedBehindAFullLastPieceIsRefused) {
  const SealFolder folder;
  const std::vector<SealKey> keys = {SealKey::random(3)};
  ASSERT_TRUE(write_durably(folder / "plain", some_bytes(kPieceBytes)));
  ASSERT_TRUE(seal_file(folder / "plain", folder / "sealed", keys.front()));
  ASSERT_TRUE(write_durably(folder / "longer", content_of(folder / "sealed") + "x"));
  EXPECT_THAT(open_file(folder / "longer", folder / "out", keys).error().message,
              HasSubstr("behind its end"));
  EXPECT_FALSE(fs::exists(folder / "out"));
}

TEST(SealFile, AMissingInputIsNamedAndAnUnwritableOutputToo) {
  const SealFolder folder;
  const SealKey key = SealKey::random(1);
  EXPECT_THAT(seal_file(folder / "none", folder / "out", key).error().message, HasSubstr("none: is missing"));
  ASSERT_TRUE(write_durably(folder / "plain", "x"));
  EXPECT_THAT(seal_file(folder / "plain", folder / "no/such/out", key).error().message,
              HasSubstr("cannot write"));
}

RC_GTEST_PROP(SealFileProperty, AnyFlippedBitIsRefused, ()) {
  static const SealFolder folder;
  static const std::vector<SealKey> keys = {SealKey::random(3)};
  static const std::string good = [] {
    const bool sealed = write_durably(folder / "plain", some_bytes(kPieceBytes + 100)) &&
                        seal_file(folder / "plain", folder / "sealed", keys.front());
    return sealed ? content_of(folder / "sealed") : std::string{};
  }();
  RC_ASSERT(!good.empty());
  std::string bad = good;
  // Half of them where the structure is.
  const std::size_t most = *rc::gen::arbitrary<bool>() ? kHeadBytes + 30 : good.size();
  const auto at = any_below(most);
  bad[at] = static_cast<char>(static_cast<unsigned char>(bad[at]) ^ (1U << any_below(8U)));
  RC_ASSERT(replace_file(folder / "bad", bad).has_value());
  RC_ASSERT(!open_file(folder / "bad", folder / "out", keys));
  RC_ASSERT(!fs::exists(folder / "out"));
}

}  // namespace
}  // namespace pyro::security

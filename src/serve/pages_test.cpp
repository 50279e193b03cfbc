#include "pages.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <nlohmann/json.hpp>

namespace pyro::serve {
namespace {

std::string gzipped(const std::string& text) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(text.size() + 200, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string pack_of(const std::vector<std::pair<std::string, std::string>>& files) {
  nlohmann::json list = nlohmann::json::array();
  std::string bytes;
  for (const auto& [path, text] : files) {
    const std::string packed = gzipped(text);
    list.push_back({{"path", path},
                    {"type", "text/plain"},
                    {"etag", "e"},
                    {"at", bytes.size()},
                    {"size", packed.size()},
                    {"lasting", path.starts_with("/assets/")}});
    bytes += packed;
  }
  const std::string head = list.dump();
  const std::uint64_t length = head.size();
  std::string out(sizeof length, '\0');
  std::memcpy(out.data(), &length, sizeof length);
  return out + head + bytes;
}

Request get(const std::string& path, Headers headers = {}) {
  Request out;
  out.method = "GET";
  out.path = path;
  out.headers = std::move(headers);
  return out;
}

std::string header(const Response& response, const std::string& name) {
  for (const auto& [key, value] : response.headers) {
    if (key == name) return value;
  }
  return "";
}

TEST(PagesTest, GivesFilesAndTheStartPageForAddressesOfTheApp) {
  const std::string pack = pack_of({{"/index.html", "start %%NONCE%%"}, {"/assets/a.js", "script"}});
  const auto pages = Pages::of(pack);
  ASSERT_TRUE(pages);
  for (const char* path : {"/", "/people/0123", "/index.html"}) {
    const auto page = pages->get(get(path));
    ASSERT_TRUE(page) << path;
    const std::string nonce = page->body.substr(6);
    EXPECT_EQ(nonce.size(), 24);
    EXPECT_NE(header(*page, "content-security-policy").find("'nonce-" + nonce + "'"), std::string::npos);
    EXPECT_EQ(header(*page, "cache-control"), "no-store");
  }
  EXPECT_NE(pages->get(get("/"))->body, pages->get(get("/"))->body) << "a nonce is for once";

  EXPECT_EQ(pages->get(get("/assets/a.js"))->body, "script");
  const auto packed = pages->get(get("/assets/a.js", {{"accept-encoding", "br, gzip"}}));
  EXPECT_EQ(header(*packed, "content-encoding"), "gzip");
  EXPECT_EQ(packed->body, gzipped("script"));
  EXPECT_EQ(pages->get(get("/assets/a.js", {{"if-none-match", "\"e\""}}))->status, 304);
}

TEST(PagesTest, LeavesTheRestToOthers) {
  const std::string pack = pack_of({{"/index.html", "start %%NONCE%%"}});
  const auto pages = Pages::of(pack);
  ASSERT_TRUE(pages);
  EXPECT_FALSE(pages->get(get("/api/v1/nothing")));
  EXPECT_FALSE(pages->get(get("/assets/old.js"))) << "a script that is gone must not become a page";
  for (const char* path : {"/../../../../etc/passwd", "//etc/passwd", "/%2e%2e/etc/passwd", "/a\\b"})
    EXPECT_FALSE(pages->get(get(path))) << path;
  Request post = get("/");
  post.method = "POST";
  EXPECT_FALSE(pages->get(post));
  EXPECT_FALSE(Pages::of({})->get(get("/")));
}

TEST(PagesTest, RefusesWhatTheBuildDidNotMake) {
  const std::string pack = pack_of({{"/index.html", "start %%NONCE%%"}});
  EXPECT_FALSE(Pages::of(std::string_view{pack}.substr(0, 6)));
  EXPECT_FALSE(Pages::of(std::string_view{pack}.substr(0, pack.size() - 9)));
  EXPECT_FALSE(Pages::of(pack_of({{"/index.html", "without"}})));
  EXPECT_FALSE(Pages::of(pack_of({{"/other.html", "x %%NONCE%%"}})));
}

}  // namespace
}  // namespace pyro::serve

#include "kept_login.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "pyro/base/files.hpp"
#include "pyro/base/text.hpp"

namespace pyro::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr std::uintmax_t kMostSecret = 64U << 10U;

}  // namespace

Result<fs::path> login_path(const std::string& origin) {
  fs::path folder;
  if (const char* config = std::getenv("XDG_CONFIG_HOME"); config != nullptr && config[0] == '/') {
    folder = config;
  } else if (const char* home = std::getenv("HOME"); home != nullptr && home[0] == '/') {
    folder = fs::path(home) / ".config";
  } else {
    return wrong_use(
        "there is no folder for logins: set HOME or XDG_CONFIG_HOME, or give a token by PYROMETER_TOKEN");
  }
  std::string name;
  for (const char c : origin.substr(origin.find("//") + 2)) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
    name += plain ? c : '_';
  }
  return folder / "pyrometer" / (name + ".json");
}

Result<std::string> read_secret(const fs::path& file) {
  struct stat about {};
  if (::stat(file.c_str(), &about) != 0)
    return wrong_use("the token's file " + file.string() + " cannot be read; check the name");
  if ((about.st_mode & 077U) != 0)
    return wrong_use("others may read the token in " + file.string() +
                     ": chmod 600 it, and revoke the token if they did");
  const Result<std::string> text = read_whole(file, kMostSecret);
  if (!text) return wrong_use(text.error().message, text.error().context);
  return std::string{trimmed(*text)};
}

Result<std::optional<KeptLogin>> read_login(const std::string& origin) {
  const Result<fs::path> path = login_path(origin);
  if (!path) return std::optional<KeptLogin>{};  // nothing can have been kept either
  std::error_code error;
  if (!fs::exists(*path, error)) return std::optional<KeptLogin>{};
  const Result<std::string> text = read_secret(*path);
  if (!text) return tl::make_unexpected(text.error());
  const Json json = Json::parse(*text, nullptr, false);
  const auto word = [&](const char* name) {
    const auto found = json.is_object() ? json.find(name) : json.end();
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string{};
  };
  KeptLogin login{word("server"), word("account"), word("token"), word("ca_file")};
  if (login.server != origin || login.token.empty())
    return wrong_use("what pyrometer login kept in " + path->string() +
                     " is damaged; remove it and sign in again");
  return login;
}

Status keep_login(const KeptLogin& login) {
  const Result<fs::path> path = login_path(login.server);
  if (!path) return tl::make_unexpected(path.error());
  std::error_code error;
  fs::create_directories(path->parent_path(), error);
  if (error) return cannot("make", path->parent_path(), error.value());
  if (::chmod(path->parent_path().c_str(), 0700) != 0)
    return cannot("close to others the folder", path->parent_path(), errno);
  const fs::path part = path->string() + ".part";
  fs::remove(part, error);
  const std::string text = Json{{"server", login.server},
                                {"account", login.account},
                                {"token", login.token},
                                {"ca_file", login.ca_file}}
                               .dump(2) +
                           "\n";
  {
    const Descriptor file(part, O_WRONLY | O_CREAT | O_EXCL, 0600);
    if (file.get() < 0) return cannot("write", part, errno);
    if (const int wrong = file.write_all(text); wrong != 0) return cannot("write", part, wrong);
  }
  fs::rename(part, *path, error);
  if (error) return cannot("write", *path, error.value());
  return {};
}

Status forget_login(const std::string& origin) {
  const Result<fs::path> path = login_path(origin);
  if (!path) return tl::make_unexpected(path.error());
  std::error_code error;
  fs::remove(*path, error);
  if (error) return cannot("remove", *path, error.value());
  return {};
}

}  // namespace pyro::cli

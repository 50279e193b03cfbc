// Which cameras this server may be told to read. Whoever registers one could otherwise make the server
// connect to whatever it reaches (SSRF), so the settings say which schemes, hosts and ports there are, and it
// is the address that is connected to which is checked, not what its name meant at some other time.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pyro/base/result.hpp"
#include "pyro/capture/camera.hpp"

namespace pyro::serve {

// A camera as somebody named it: rtsp://, rtsps://, http:// or https://[user:password@]host[:port]/…,
// "camera:0", or a file's absolute path, for demonstrations.
struct CameraPlace {
  enum class Kind : std::uint8_t { rtsp, http, device, file } kind = Kind::rtsp;
  bool tls = false;  // rtsps, https
  std::string host;  // lower case; IPv6 without brackets
  std::uint16_t port = 0;
  std::string target;          // "/stream?channel=1"
  std::string user, password;  // decoded
  std::string local;           // "camera:0", or the file's path

  [[nodiscard]] bool on_network() const { return kind == Kind::rtsp || kind == Kind::http; }
  [[nodiscard]] std::string shown() const;  // without user and password
};
// Errors (bad_input): another scheme, or not written as above. The message quotes nothing: there may be a
// password in it.
[[nodiscard]] Result<CameraPlace> read_camera(std::string_view text);

using Address = std::array<std::uint8_t, 16>;  // IPv4 as ::ffff:a.b.c.d
[[nodiscard]] std::optional<Address> read_address(const std::string& text);
// This machine itself, the link, what clouds tell their machines (metadata), groups, and whatever hides
// another address: nothing that a camera has by accident.
[[nodiscard]] bool is_special(const Address& address);

class CameraRules {
 public:
  // Numeric addresses of a name, in order of preference; empty: it has none.
  using Resolver = std::function<std::vector<std::string>(const std::string& host)>;

  // "rtsp://10.0.0.7", "http://10.0.8.0/24:8080", "rtsp://door.example", "camera:0", "/srv/demo.mp4". Errors
  // (wrong_use) name the entry.
  // `certificates`: PEM, of cameras or of who signed theirs, beside those that the system trusts; empty:
  // none.
  [[nodiscard]] static Result<CameraRules> parse(const std::vector<std::string>& entries,
                                                 std::filesystem::path certificates = {});

  // An address that is special needs an entry of its own. Errors (wrong_use): the settings do not allow it;
  // (bad_input): the name has no address now.
  [[nodiscard]] Status allow(const CameraPlace& place) const;
  // The numeric address to connect to.
  [[nodiscard]] Result<std::string> address_of(const CameraPlace& place, const Resolver& resolve) const;
  [[nodiscard]] const std::filesystem::path& certificates() const { return certificates_; }

 private:
  struct Entry {
    CameraPlace place;     // of a network: host is empty
    Address network{};     // where host is empty
    int fixed_bits = 128;  // of it
  };
  std::vector<Entry> entries_;
  std::filesystem::path certificates_;
};

// By the system's resolver.
[[nodiscard]] std::vector<std::string> addresses_of(const std::string& host);

// How to open it, for as long as a session runs: its name is resolved now and never again. `shown` stands in
// messages. Errors as address_of.
[[nodiscard]] Result<capture::CameraOpener> opener_of(const CameraRules& rules, const CameraPlace& place,
                                                      const std::string& shown);

}  // namespace pyro::serve

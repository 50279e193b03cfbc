#include "cameras.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <charconv>
#include <memory>

#include "contract.hpp"
#include "pyro/jobs/media.hpp"

namespace pyro::serve {
namespace {

using Kind = CameraPlace::Kind;

constexpr std::size_t kMostUrl = 1000;
constexpr std::string_view kDevice = "camera:";

struct Network {
  std::string_view address;
  int fixed_bits;
};
// RFC 6890 and what clouds answer to their own machines.
constexpr std::array kSpecial{
    Network{"0.0.0.0", 8},    Network{"127.0.0.0", 8},       Network{"169.254.0.0", 16},
    Network{"224.0.0.0", 4},  Network{"240.0.0.0", 4},       Network{"100.100.100.200", 32},
    Network{"192.0.0.0", 24}, Network{"168.63.129.16", 32},  Network{"::", 96},
    Network{"64:ff9b::", 96}, Network{"64:ff9b:1::", 48},    Network{"2001::", 32},
    Network{"2002::", 16},    Network{"fe80::", 10},         Network{"fec0::", 10},
    Network{"ff00::", 8},     Network{"fd00:ec2::254", 128},
};

bool within(const Address& address, const Address& network, int fixed_bits) {
  const auto whole = static_cast<std::size_t>(fixed_bits / 8);
  if (!std::equal(address.begin(), address.begin() + static_cast<std::ptrdiff_t>(whole), network.begin()))
    return false;
  const int rest = fixed_bits % 8;
  return rest == 0 || (address[whole] ^ network[whole]) >> (8 - rest) == 0;
}

tl::unexpected<Error> no_camera(std::string why) {
  return bad_input("This is no camera's address: " + std::move(why) +
                   ". Write rtsp://host:port/path or http://host:port/path (with TLS rtsps, https), "
                   "camera:0, or the path of a file "
                   "that the settings allow.");
}

bool all_in(std::string_view text, const std::function<bool(char)>& good) {
  return std::ranges::all_of(text, good);
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_name(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || c == '-' || c == '.';
}

// "host", "host:port", "[v6]:port". What is behind the host stays in `text`.
Status take_host(std::string_view& text, CameraPlace& place) {
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return no_camera("a bracket is open");
    place.host = text.substr(1, end - 1);
    if (place.host.find(':') == std::string::npos || !read_address(place.host))
      return no_camera("in brackets stands no IPv6 address");
    text.remove_prefix(end + 1);
    return {};
  }
  const std::size_t end = std::min(text.find_first_of(":/"), text.size());
  place.host = text.substr(0, end);
  std::ranges::transform(place.host, place.host.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  if (place.host.empty() || place.host.size() > 253 || !all_in(place.host, is_name))
    return no_camera("it names no host");
  text.remove_prefix(end);
  return {};
}

Status take_port(std::string_view text, CameraPlace& place) {
  place.port = place.kind == Kind::rtsp ? (place.tls ? 322 : 554) : (place.tls ? 443 : 80);
  if (text.empty()) return {};
  if (text.front() != ':' || text.size() < 2 || !all_in(text.substr(1), is_digit))
    return no_camera("the port is no number");
  text.remove_prefix(1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), place.port);
  if (error != std::errc{} || end != text.data() + text.size() || place.port == 0)
    return no_camera("there is no such port");
  return {};
}

struct Scheme {
  std::string_view text;
  Kind kind;
  bool tls;
};
constexpr std::array kSchemes{Scheme{"rtsp://", Kind::rtsp, false}, Scheme{"rtsps://", Kind::rtsp, true},
                              Scheme{"http://", Kind::http, false}, Scheme{"https://", Kind::http, true}};

// Takes "rtsp://" and the like off.
bool take_scheme(std::string_view& text, CameraPlace& place) {
  for (const Scheme& scheme : kSchemes) {
    if (!text.starts_with(scheme.text)) continue;
    place.kind = scheme.kind, place.tls = scheme.tls;
    text.remove_prefix(scheme.text.size());
    return true;
  }
  return false;
}

// "camera:0", or an absolute path.
Result<CameraPlace> read_local(std::string_view text) {
  CameraPlace place;
  place.local = text;
  if (text.starts_with(kDevice)) {
    const std::string_view number = text.substr(kDevice.size());
    if (number.empty() || number.size() > 3 || !all_in(number, is_digit))
      return no_camera("behind camera: stands a number");
    place.kind = Kind::device;
    return place;
  }
  if (!text.starts_with('/')) return no_camera("its scheme is not known here");
  place.kind = Kind::file;
  return place;
}

}  // namespace

std::string CameraPlace::shown() const {
  if (!on_network()) return local;
  const std::string named = host.find(':') == std::string::npos ? host : "[" + host + "]";
  const auto* scheme =
      std::ranges::find_if(kSchemes, [&](const Scheme& one) { return one.kind == kind && one.tls == tls; });
  return std::string{scheme->text} + named + ":" + std::to_string(port) + target;
}

Result<CameraPlace> read_camera(std::string_view text) {
  if (text.size() > kMostUrl) return no_camera("it is longer than any");
  if (!all_in(text, [](char c) { return c > ' ' && c < '\x7f' && c != '\\'; }))
    return no_camera("it holds a blank or a letter that is not ASCII; write %20 and the like");
  CameraPlace place;
  if (!take_scheme(text, place)) return read_local(text);
  const std::size_t end = std::min(text.find_first_of("/?#"), text.size());
  std::string_view authority = text.substr(0, end);
  place.target = text.substr(end);
  if (place.target.find_first_of("#\\\"<>") != std::string::npos)
    return no_camera("its path holds # \\ \" < or >");
  if (!place.target.starts_with('/')) place.target.insert(0, "/");
  if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
    const std::string_view given = authority.substr(0, at);
    const std::size_t colon = std::min(given.find(':'), given.size());
    const auto user = decoded(given.substr(0, colon), false);
    const auto password = decoded(given.substr(std::min(colon + 1, given.size())), false);
    if (!user || !password) return no_camera("user or password is not percent-encoded");
    place.user = *user, place.password = *password;
    authority.remove_prefix(at + 1);
  }
  if (Status named = take_host(authority, place); !named) return tl::make_unexpected(named.error());
  if (Status port = take_port(authority, place); !port) return tl::make_unexpected(port.error());
  return place;
}

std::optional<Address> read_address(const std::string& text) {
  Address out{};
  if (::inet_pton(AF_INET6, text.c_str(), out.data()) == 1) return out;
  out = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (::inet_pton(AF_INET, text.c_str(), out.data() + 12) == 1) return out;
  return std::nullopt;
}

bool is_special(const Address& address) {
  return std::ranges::any_of(kSpecial, [&](const Network& network) {
    const bool v4 = network.address.find(':') == std::string_view::npos;
    const auto base = read_address(std::string{network.address});
    return base && within(address, *base, network.fixed_bits + (v4 ? 96 : 0));
  });
}

Result<CameraRules> CameraRules::parse(const std::vector<std::string>& entries,
                                       std::filesystem::path certificates) {
  CameraRules out;
  out.certificates_ = std::move(certificates);
  for (const std::string& text : entries) {
    const auto wrong = [&](const std::string& why) {
      std::string words = "allow-camera ";
      words.append(text).append(": ").append(why);
      return wrong_use(words.append(
          "; write rtsp://10.0.0.7, http://10.0.8.0/24:8080, camera:0 or a file's absolute path"));
    };
    Entry entry;
    std::string_view left = text;
    if (!take_scheme(left, entry.place)) {
      Result<CameraPlace> local = read_local(text);
      if (!local) return wrong("it is neither an address nor a camera nor a file");
      entry.place = std::move(*local);
      out.entries_.push_back(std::move(entry));
      continue;
    }
    if (!take_host(left, entry.place)) return wrong("it names no host");
    if (const auto address = read_address(entry.place.host)) {
      entry.network = *address;
      entry.place.host.clear();
    }
    if (left.starts_with('/')) {
      const std::size_t end = std::min(left.find(':'), left.size());
      const bool v4 = text.find('[') == std::string::npos;
      int bits = -1;
      const auto [stop, error] = std::from_chars(left.data() + 1, left.data() + end, bits);
      if (!entry.place.host.empty() || error != std::errc{} || stop != left.data() + end || bits < 0 ||
          bits > (v4 ? 32 : 128))
        return wrong("behind the / stands how many bits of an address are fixed, and nothing else");
      entry.fixed_bits = bits + (v4 ? 96 : 0);
      left.remove_prefix(end);
    }
    if (!take_port(left, entry.place)) return wrong("its port is none");
    out.entries_.push_back(std::move(entry));
  }
  return out;
}

Result<std::string> CameraRules::address_of(const CameraPlace& place, const Resolver& resolve) const {
  const auto refused = [] {
    return wrong_use(
        "This server's settings do not allow this camera (allow-camera): not its scheme, host and "
        "port, or not what its name stands for.");
  };
  const auto alike = [&](const Entry& entry) {
    return entry.place.kind == place.kind && entry.place.tls == place.tls && entry.place.port == place.port;
  };
  // No name is asked for that no entry could allow.
  if (!std::ranges::any_of(entries_, alike)) return refused();
  const auto covered = [&](const Address& address) {
    return std::ranges::any_of(entries_, [&](const Entry& entry) {
      if (!alike(entry)) return false;
      if (!entry.place.host.empty()) return entry.place.host == place.host && !is_special(address);
      return within(address, entry.network, entry.fixed_bits) &&
             (entry.fixed_bits == 128 || !is_special(address));
    });
  };
  const std::vector<std::string> addresses = resolve(place.host);
  if (addresses.empty())
    return bad_input("The camera's name has no address now; check it, or give the address itself.");
  for (const std::string& one : addresses) {
    const auto address = read_address(one);
    if (address && covered(*address)) return one;
  }
  return refused();
}

Status CameraRules::allow(const CameraPlace& place) const {
  if (place.on_network()) {
    const auto address = address_of(place, addresses_of);
    if (!address) return tl::make_unexpected(address.error());
    return {};
  }
  const bool listed = std::ranges::any_of(entries_, [&](const Entry& entry) {
    return entry.place.kind == place.kind && entry.place.local == place.local;
  });
  if (!listed) return wrong_use("This server's settings do not allow this camera (allow-camera).");
  return {};
}

std::vector<std::string> addresses_of(const std::string& host) {
  addrinfo hints{}, *found = nullptr;
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  std::vector<std::string> out;
  if (::getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) return out;
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, ::freeaddrinfo);
  for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
    std::array<char, NI_MAXHOST> text{};
    if (::getnameinfo(one->ai_addr, one->ai_addrlen, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) ==
        0)
      out.emplace_back(text.data());
  }
  return out;
}

Result<capture::CameraOpener> opener_of(const CameraRules& rules, const CameraPlace& place,
                                        const std::string& shown) {
  if (Status allowed = rules.allow(place); !allowed) return tl::make_unexpected(allowed.error());
  if (!place.on_network()) {
    const bool file = place.kind == Kind::file;
    if (file) {
      const auto media = jobs::media_of_file(place.local);
      if (!media || media->kind != jobs::MediaKind::video)
        return bad_input("The file of this demonstration camera is no video that can be read.");
    }
    return capture::CameraOpener{[input = place.local, file](const capture::StopSignal& stop) {
      capture::SourceOptions options;
      options.stop = stop;
      options.realtime = options.loop = file;
      options.retry_for = Seconds{0};  // it is sought again by who awaits it
      return capture::open(input, options);
    }};
  }
  const Result<std::string> address = rules.address_of(place, addresses_of);
  if (!address) return tl::make_unexpected(address.error());
  capture::PinnedCamera camera;
  camera.scheme =
      place.kind == Kind::rtsp ? capture::PinnedCamera::Scheme::rtsp : capture::PinnedCamera::Scheme::http;
  camera.name = shown;
  camera.host = place.host.find(':') == std::string::npos ? place.host : "[" + place.host + "]";
  if (place.port != (place.tls ? 443 : 80)) camera.host += ":" + std::to_string(place.port);
  camera.address = *address;
  camera.port = place.port;
  camera.target = place.target;
  camera.user = place.user, camera.password = place.password;
  if (place.tls) camera.tls = capture::CameraTls{place.host, rules.certificates()};
  return capture::CameraOpener{[camera](const capture::StopSignal& stop) {
    capture::SourceOptions options;
    options.stop = stop;
    return capture::open_pinned(camera, options);
  }};
}

}  // namespace pyro::serve

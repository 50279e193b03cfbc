#include "pyro/capture/camera.hpp"

#include <utility>

#include "av_input.hpp"
#include "live.hpp"
#include "relay.hpp"

namespace pyro::capture {
namespace {

// All but letters and digits as %XX, so that nothing in a password is a part of the address.
std::string escaped(const std::string& text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
      out += c;
    } else {
      out += {'%', kHex[byte >> 4], kHex[byte & 15]};
    }
  }
  return out;
}

// Reads through its door, which goes after it.
class BehindDoor final : public Source {
 public:
  BehindDoor(std::unique_ptr<Relay> door, std::unique_ptr<Source> source)
      : door_(std::move(door)), source_(std::move(source)) {}
  [[nodiscard]] const SourceInfo& info() const override { return source_->info(); }
  Result<std::optional<records::Frame>> next() override { return source_->next(); }
  void interrupt() override { source_->interrupt(); }

 private:
  std::unique_ptr<Relay> door_;
  std::unique_ptr<Source> source_;
};

}  // namespace

Result<std::unique_ptr<Source>> open_pinned(const PinnedCamera& camera, const SourceOptions& options) {
  const bool rtsp = camera.scheme == PinnedCamera::Scheme::rtsp;
  auto door = Relay::open(camera.address, camera.port,
                          rtsp ? ReplyFilter::Protocol::rtsp : ReplyFilter::Protocol::http, camera.tls);
  if (!door) return tl::make_unexpected(door.error());
  AvInputSpec spec;
  spec.kind = AvInputSpec::Kind::address;
  spec.live = true;
  spec.name = camera.name;
  spec.most_pixels = std::int64_t{4096} * 4096;
  spec.url = rtsp ? "rtsp://" : "http://";
  if (!camera.user.empty()) spec.url += escaped(camera.user) + ":" + escaped(camera.password) + "@";
  spec.url += "127.0.0.1:" + std::to_string((*door)->port()) + camera.target;
  if (rtsp) {
    spec.settings = {
        {"rtsp_transport", "tcp"}, {"protocol_whitelist", "rtsp,tcp"}, {"format_whitelist", "rtsp"}};
  } else {
    spec.settings = {{"protocol_whitelist", "http,tcp"},
                     {"format_whitelist", "mpjpeg,mjpeg,mpegts"},
                     {"http_proxy", ""},  // none that the environment names
                     {"headers", "Host: " + camera.host + "\r\n"}};
  }
  auto opened = open_av_input(spec, options, StopFlag{options.stop});
  if (!opened) {
    if ((*door)->refused())
      return bad_input(camera.name +
                       " answers by sending elsewhere, or with what is no answer; give the "
                       "address of the stream itself");
    if (const std::string trouble = (*door)->trouble(); !trouble.empty())
      return bad_input(camera.name + ": " + trouble);
    return opened;
  }
  return std::make_unique<BehindDoor>(std::move(*door), std::move(*opened));
}

std::unique_ptr<Source> awaited(std::string name, CameraOpener open, Seconds retry_for,
                                std::function<void(bool there)> told) {
  const StopFlag stop;
  SourceInfo info;
  info.name = std::move(name);
  info.live = true;
  return retrying(
      std::move(info), [open = std::move(open), stop] { return open(stop.signal()); }, retry_for, stop,
      std::move(told));
}

}  // namespace pyro::capture

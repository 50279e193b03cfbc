// Cameras that somebody else has named: reached at one numeric address and nowhere else, and sought again for
// as long as they are wanted.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "pyro/capture/source.hpp"

namespace pyro::capture {

// By TLS 1.2 or newer. The certificate must be one that the system trusts for this host, or lie in the file,
// or be signed by one that does.
struct CameraTls {
  std::string host;                    // its name, or its address
  std::filesystem::path certificates;  // PEM; empty: the system's alone
};

// A camera on the network whose address has been resolved and found good. What its name means later, what it
// answers and what stands in its stream never leads to another address: there are no redirects, no playlists,
// no other protocol.
struct PinnedCamera {
  enum class Scheme : std::uint8_t { rtsp, http };
  Scheme scheme = Scheme::rtsp;
  std::string name;     // as it may be shown: without user and password
  std::string host;     // as it was named, for a server that has several names
  std::string address;  // "10.0.0.7" or "fd12::7": what is connected to
  std::uint16_t port = 554;
  std::string target;  // "/stream?channel=1"
  std::string user, password;
  std::optional<CameraTls> tls;
};

// RTSP over TCP; by HTTP a stream of JPEGs (multipart/x-mixed-replace or one after another) or MPEG-TS.
// Errors (bad_input): it does not answer, refuses, redirects, or sends something else.
[[nodiscard]] Result<std::unique_ptr<Source>> open_pinned(const PinnedCamera& camera,
                                                          const SourceOptions& options);

using StopSignal = std::shared_ptr<const std::atomic<bool>>;
using CameraOpener = std::function<Result<std::unique_ptr<Source>>(const StopSignal& stop)>;

// A live source that need not be there yet: opened in the thread that reads it, and again whenever it is lost
// or has ended, after 0.25 s, then twice as long each time up to 5 s; the last error after `retry_for`
// without a frame. Times go on by the real gap. `told` hears, in that thread, when it has come (with its
// first frame) and gone.
[[nodiscard]] std::unique_ptr<Source> awaited(std::string name, CameraOpener open, Seconds retry_for,
                                              std::function<void(bool there)> told);

}  // namespace pyro::capture

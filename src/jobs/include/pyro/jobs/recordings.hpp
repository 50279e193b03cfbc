// Videos of sessions, as files below the data folder, closed to others and sealed:
//
//   recordings/<video>/<name>     one piece, as it came; its place in the video stands in its row
//
// A row is always made before its file, so that a file without a row is one that is to go.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "pyro/archive/secrets.hpp"
#include "pyro/security/seal.hpp"
#include "pyro/store/database.hpp"

namespace pyro::jobs {

// One piece of a video: its bytes [begin, begin + bytes).
struct VideoPiece {
  std::string name;
  std::int64_t begin = 0, bytes = 0;
};
// In their order.
[[nodiscard]] Result<std::vector<VideoPiece>> pieces_of(store::Connection& in, const std::string& video);

class Recordings {
 public:
  Recordings(const std::filesystem::path& data, const archive::Secrets& secrets);
  [[nodiscard]] Status make() const;
  // Errors: the disk (failed).
  [[nodiscard]] Status keep(const std::string& video, const std::string& name,
                            const std::filesystem::path& plain) const;
  // Bytes [begin, end) of the video in the clear, into `out` (0600), which must not be there. Errors: a piece
  // is missing or damaged (bad_input), the disk (failed); nothing is left of `out` then.
  [[nodiscard]] Status unseal(const std::string& video, const std::vector<VideoPiece>& pieces,
                              std::int64_t begin, std::int64_t end, const std::filesystem::path& out) const;
  void remove(const std::string& video) const;
  void remove(const std::string& video, const std::string& name) const;
  // Files whose rows are gone.
  [[nodiscard]] Status sweep(store::Database& database) const;
  // All of a data folder, sealed as they are, into `to`, which must not be there; and back, where what is
  // there now is put aside as recordings.before. A backup of the database belongs to them, as with jobs.
  [[nodiscard]] static Status back_up(const std::filesystem::path& data, const std::filesystem::path& to);
  [[nodiscard]] static Status restore(const std::filesystem::path& data, const std::filesystem::path& from);

 private:
  std::filesystem::path root_;
  security::SealKey key_;
};

}  // namespace pyro::jobs

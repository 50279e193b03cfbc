// What an attempt at a job leaves for the next one: in the clear below the attempt's own folder, sealed
// beside it.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>

#include "pyro/base/result.hpp"
#include "pyro/security/seal.hpp"

namespace pyro::jobs {

class KeptFiles {
 public:
  KeptFiles(std::filesystem::path plain, std::filesystem::path sealed, const security::SealKey& key)
      : plain_(std::move(plain)), sealed_(std::move(sealed)), key_(key) {}

  // Makes both folders (0700) and puts what was sealed into the plain one. What cannot be opened is as if it
  // had not been there.
  [[nodiscard]] Status open();
  // Seals what has changed, the oldest change first: a kill in the middle leaves what a kill of whoever
  // writes these files would have left. Does nothing where that would take more than a twentieth of the time.
  [[nodiscard]] Status seal();

 private:
  using Clock = std::chrono::steady_clock;
  std::filesystem::path plain_, sealed_;
  security::SealKey key_;
  std::map<std::filesystem::path, std::filesystem::file_time_type> known_;  // by name below plain_
  Clock::time_point next_{};
};

}  // namespace pyro::jobs

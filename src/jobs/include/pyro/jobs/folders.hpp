// Where the files of jobs lie, below the data folder, closed to others and sealed wherever they stay:
//
//   jobs/uploads/<upload>             sealed; goes when its job has ended, or after a day
//   jobs/uploads/<upload>.pieces/<n>  sealed; what came of one that comes in pieces, by the byte it begins at
//   jobs/runs/<job>/run-<n>/<name>    sealed results of the attempt that counts; appears by one rename
//   jobs/runs/<job>/run-<n>.part/     in the clear, while the attempt runs
//   jobs/runs/<job>/kept/             sealed, from one attempt to the next, until the job ends
#pragma once

#include <chrono>
#include <filesystem>
#include <string>

#include "pyro/archive/secrets.hpp"
#include "pyro/jobs/queue.hpp"
#include "pyro/security/seal.hpp"

namespace pyro::jobs {

inline constexpr std::chrono::hours kUploadsStay{24};
inline constexpr std::chrono::hours kHeldStays{30 * 24};  // of jobs that are paused

class Folders {
 public:
  explicit Folders(const std::filesystem::path& data) : root_(data / "jobs"), outgoing_(data / "uploads") {}
  [[nodiscard]] Status make() const;
  [[nodiscard]] std::filesystem::path upload(const std::string& id) const { return root_ / "uploads" / id; }
  [[nodiscard]] std::filesystem::path pieces(const std::string& id) const {
    return root_ / "uploads" / (id + ".pieces");
  }
  [[nodiscard]] std::filesystem::path job(const std::string& id) const { return root_ / "runs" / id; }
  [[nodiscard]] std::filesystem::path run(const std::string& id, std::int64_t attempt) const {
    return job(id) / ("run-" + std::to_string(attempt));
  }
  [[nodiscard]] std::filesystem::path kept(const std::string& id) const { return job(id) / "kept"; }
  // For a result on its way out, in the clear for as long as it is sent; a server that starts clears this
  // folder.
  [[nodiscard]] std::filesystem::path outgoing(const std::string& request) const {
    return outgoing_ / (request + ".result");
  }
  void remove_uploads(const Freed& uploads) const;
  void remove_job(const std::string& id) const;
  // The results of jobs that have ended, sealed as they are, into `to`, which must not be there; and back,
  // where what is there now is put aside as runs.before. A backup of the database belongs to them: their key
  // is of the secret that lies there.
  [[nodiscard]] Status back_up(const std::filesystem::path& to) const;
  [[nodiscard]] Status restore(const std::filesystem::path& from) const;
  // Ends uploads that are a day old and no job's, and removes files whose rows are gone.
  [[nodiscard]] Status sweep(store::Database& database, UtcTime now) const;

 private:
  std::filesystem::path root_, outgoing_;
};

// What files of jobs are sealed with: of the site's own secret, so that a new master key changes nothing
// here.
[[nodiscard]] security::SealKey job_key(const archive::Secrets& secrets);

}  // namespace pyro::jobs

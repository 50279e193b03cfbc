#include "progress.hpp"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace pyro::cli {
namespace {

using nlohmann::json;
using Clock = std::chrono::steady_clock;

void event(const json& line) {
  std::printf("%s\n", line.dump(-1, ' ', false, json::error_handler_t::replace).c_str());
  std::fflush(stdout);
}

std::string clock_text(double seconds) {
  const auto whole = static_cast<long>(seconds + 0.5);
  char text[32];
  if (whole >= 3600) {
    std::snprintf(text, sizeof text, "%ld:%02ld:%02ld", whole / 3600, whole / 60 % 60, whole % 60);
  } else {
    std::snprintf(text, sizeof text, "%ld:%02ld", whole / 60, whole % 60);
  }
  return text;
}

}  // namespace

void Progress::started(const Job& job) {
  const std::lock_guard lock{mutex_};
  if (style_ == Style::json) {
    event({{"event", "started"},
           {"input", job.name},
           {"out", job.out},
           {"frames_expected", job.expected ? json(*job.expected) : json()}});
  } else if (style_ == Style::lines) {
    std::fprintf(stderr, "%s: started\n", job.name.c_str());
  }
}

void Progress::finished(const Job& job, const pipeline::WalkSummary& summary, Seconds took) {
  const std::lock_guard lock{mutex_};
  const double frames_per_s = took.count() > 0 ? static_cast<double>(summary.frames) / took.count() : 0;
  if (style_ == Style::json) {
    json gaps = json::object();
    for (std::size_t i = 1; i < summary.gaps.size(); ++i) {
      if (summary.gaps[i] > 0) gaps[std::string(records::kGapReasonNames[i])] = summary.gaps[i];
    }
    event({{"event", "finished"},
           {"input", job.name},
           {"out", job.out},
           {"frames", summary.frames},
           {"faces", summary.faces},
           {"valid_faces", summary.valid_faces},
           {"gaps", gaps},
           {"dropped", summary.dropped},
           {"wall_s", took.count()},
           {"frames_per_s", frames_per_s}});
    return;
  }
  clear_line();
  std::fprintf(stderr, "%s: %lld frames, %lld faces (%lld usable), %.0f frames/s -> %s\n", job.name.c_str(),
               static_cast<long long>(summary.frames), static_cast<long long>(summary.faces),
               static_cast<long long>(summary.valid_faces), frames_per_s, job.out.c_str());
}

void Progress::show(const std::vector<Job*>& jobs) {
  const std::lock_guard lock{mutex_};
  if (style_ == Style::bar) return bar(jobs);
  // Lines and events come less often: somebody keeps them.
  const auto now = Clock::now();
  const auto pause = style_ == Style::json ? std::chrono::seconds{1} : std::chrono::seconds{10};
  if (now - last_line_ < pause) return;
  last_line_ = now;
  for (const Job* job : jobs) {
    if (!job->running || job->over) continue;
    if (style_ == Style::json) {
      event({{"event", "progress"},
             {"input", job->name},
             {"frames", job->frames.load()},
             {"faces", job->faces.load()},
             {"frames_expected", job->expected ? json(*job->expected) : json()}});
    } else {
      std::fprintf(stderr, "%s: %lld frames, %lld faces\n", job->name.c_str(),
                   static_cast<long long>(job->frames.load()), static_cast<long long>(job->faces.load()));
    }
  }
}

void Progress::bar(const std::vector<Job*>& jobs) {
  std::int64_t frames = 0, faces = 0, expected = 0, over = 0;
  bool known = true;
  std::string current;
  for (const Job* job : jobs) {
    frames += job->frames;
    faces += job->faces;
    over += job->over ? 1 : 0;
    if (job->expected) {
      expected += job->over ? job->frames.load() : std::max<std::int64_t>(*job->expected, job->frames);
    } else if (job->over) {
      expected += job->frames;
    } else {
      known = false;
    }
    if (job->running && !job->over && current.empty()) current = job->name;
  }
  if (current.empty()) return;
  const double passed_s = std::chrono::duration<double>(Clock::now() - began_).count();
  const double faces_per_s = static_cast<double>(faces) / std::max(passed_s, 1e-3);
  if (const std::size_t slash = current.rfind('/'); slash != std::string::npos) current.erase(0, slash + 1);
  if (current.size() > 28) current = "…" + current.substr(current.size() - 27);
  char line[160];
  if (known && expected > 0) {
    constexpr int kWidth = 24;
    const double share = std::min(1.0, static_cast<double>(frames) / static_cast<double>(expected));
    const int filled = static_cast<int>(share * kWidth);
    const std::string left = frames > 0 ? clock_text(passed_s * (1 - share) / std::max(share, 1e-6)) : "–";
    std::snprintf(line, sizeof line, "[%s%s] %3.0f %%  %lld/%zu done  %.0f faces/s  %s left  %s",
                  std::string(static_cast<std::size_t>(filled), '#').c_str(),
                  std::string(static_cast<std::size_t>(kWidth - filled), '.').c_str(), 100 * share,
                  static_cast<long long>(over), jobs.size(), faces_per_s, left.c_str(), current.c_str());
  } else {
    std::snprintf(line, sizeof line, "%lld frames  %.0f faces/s  %s  %s", static_cast<long long>(frames),
                  faces_per_s, clock_text(passed_s).c_str(), current.c_str());
  }
  std::fprintf(stderr, "\r\033[K%s", line);
  std::fflush(stderr);
  line_open_ = true;
}

void Progress::clear_line() {
  if (line_open_) std::fprintf(stderr, "\r\033[K");
  line_open_ = false;
}

}  // namespace pyro::cli

// How far a batch has come: a bar on a terminal, plain lines elsewhere, JSON events where asked for.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "pyro/base/time.hpp"
#include "pyro/pipeline/walk.hpp"

namespace pyro::cli {

// One source's counters: written by its walk, read by whoever shows them.
struct Job {
  std::string source;
  std::string name, out;                 // as they may be shown
  std::optional<std::int64_t> expected;  // frames, as the container tells
  std::atomic<std::int64_t> frames{0}, faces{0};
  std::atomic<bool> running{false}, over{false};
};

class Progress {
 public:
  enum class Style { bar, lines, json };
  explicit Progress(Style style) : style_(style) {}

  void started(const Job& job);
  void finished(const Job& job, const pipeline::WalkSummary& summary, Seconds took);
  // Shows where things stand; called a few times a second.
  void show(const std::vector<Job*>& jobs);
  void clear_line();

 private:
  void bar(const std::vector<Job*>& jobs);

  Style style_;
  std::mutex mutex_;
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point last_line_ = began_;
  bool line_open_ = false;
};

}  // namespace pyro::cli

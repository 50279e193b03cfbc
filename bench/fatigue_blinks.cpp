#include <algorithm>
#include <cmath>
#include <cstdio>

#include "fatigue_figures.hpp"
#include "pyro/signals/fatigue_meter.hpp"

namespace pyro::bench {

namespace {

struct Span {
  int first, last;  // frames
};
struct Labels {
  std::vector<Span> blinks, unsure, shut;
};

// Marked by eye on frames enlarged around the eyes: ours for seven clips, the shared events.csv for one.
// "unsure" spans (half shut, squints, eyes that reopen after a long closure) count neither way.
std::map<std::string, Labels> read_labels(const std::filesystem::path& data) {
  std::map<std::string, Labels> labels;
  for (const auto& row : rows_of(std::filesystem::path(PYRO_SOURCE_DIR) / "bench/eye_labels.csv")) {
    const Span span{std::stoi(row[2]), std::stoi(row[3])};
    Labels& clip = labels[row[0]];
    (row[1] == "blink" ? clip.blinks : row[1] == "shut" ? clip.shut : clip.unsure).push_back(span);
  }
  for (const auto& row : rows_of(data / "videos/events.csv")) {
    if (row[1] == "blink") labels[row[0]].blinks.push_back({std::stoi(row[2]), std::stoi(row[3])});
  }
  return labels;
}

struct Tally {
  int found = 0, marked = 0, false_blinks = 0;
  std::string remarks;
};

constexpr int kSlackFrames = 2;  // the marks are by eye

bool overlap(const Span& a, const Span& b) {
  return a.first <= b.last + kSlackFrames && a.last >= b.first - kSlackFrames;
}

Tally tally_blinks(const std::vector<SeenFrame>& frames, const Labels& labels,
                   const signals::FatigueSettings& settings) {
  signals::FatigueMeter meter(settings);
  Tally tally;
  tally.marked = static_cast<int>(labels.blinks.size());
  std::vector<bool> used(labels.blinks.size());
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const records::FatigueCues cues =
        frames[i].face ? meter.update(frames[i].time, *frames[i].face) : meter.gap(frames[i].time);
    if (!cues.blink) continue;
    std::size_t begin = i;
    while (begin > 0 &&
           (frames[i].time - frames[begin].time).count() * 1e3 < static_cast<double>(cues.blink_duration_ms))
      --begin;
    const Span span{static_cast<int>(begin), static_cast<int>(i)};
    bool known = false;
    for (std::size_t k = 0; k < labels.blinks.size() && !known; ++k) {
      if (used[k] || !overlap(span, labels.blinks[k])) continue;
      used[k] = known = true;
      ++tally.found;
    }
    known =
        known || std::ranges::any_of(labels.unsure, [&](const Span& other) { return overlap(span, other); });
    if (known) continue;
    ++tally.false_blinks;
    tally.remarks += " false@" + std::to_string(span.first) + "-" + std::to_string(span.last);
  }
  for (std::size_t k = 0; k < used.size(); ++k) {
    if (!used[k])
      tally.remarks +=
          " missed@" + std::to_string(labels.blinks[k].first) + "-" + std::to_string(labels.blinks[k].last);
  }
  return tally;
}

Tally tally_all(const Clips& clips, const std::map<std::string, Labels>& labels,
                const signals::FatigueSettings& settings, bool print) {
  Tally all;
  for (const auto& [name, frames] : clips) {
    const auto known = labels.find(name);
    const Tally one = tally_blinks(frames, known == labels.end() ? Labels{} : known->second, settings);
    if (print) {
      std::printf("  %-52s %2d of %2d, false %d%s\n", name.c_str(), one.found, one.marked, one.false_blinks,
                  one.remarks.c_str());
    }
    all.found += one.found;
    all.marked += one.marked;
    all.false_blinks += one.false_blinks;
  }
  return all;
}

constexpr signals::EyeSignal kSignals[]{signals::EyeSignal::geometry, signals::EyeSignal::blendshapes,
                                        signals::EyeSignal::both};
constexpr const char* kSignalNames[]{"geometry", "blendshapes", "both"};

// Frames marked as shut against frames that are surely open (two frames off every mark).
void print_closed_frames(const Clips& clips, const std::map<std::string, Labels>& labels) {
  std::printf("\nShut eyes frame by frame (openness at or under the limit), mean over clips\n");
  for (std::size_t s = 0; s < std::size(kSignals); ++s) {
    for (const float limit : {0.15f, 0.2f, 0.25f, 0.3f}) {
      signals::FatigueSettings settings;
      settings.eyes.signal = kSignals[s];
      settings.eyes.closed_below = limit;
      double hit = 0, pass = 0;
      int with_shut = 0, all = 0;
      for (const auto& [name, frames] : clips) {
        const auto known = labels.find(name);
        if (known == labels.end()) continue;
        signals::FatigueMeter meter(settings);
        int shut = 0, shut_hit = 0, open = 0, open_pass = 0;
        for (std::size_t i = 0; i < frames.size(); ++i) {
          const records::FatigueCues cues =
              frames[i].face ? meter.update(frames[i].time, *frames[i].face) : meter.gap(frames[i].time);
          if (std::isnan(cues.eye_openness)) continue;
          const Span here{static_cast<int>(i), static_cast<int>(i)};
          const auto in = [&](const std::vector<Span>& spans, int slack) {
            return std::ranges::any_of(spans, [&](const Span& span) {
              return here.first >= span.first - slack && here.first <= span.last + slack;
            });
          };
          if (in(known->second.shut, 0)) {
            ++shut;
            shut_hit += cues.eyes_closed;
          } else if (!in(known->second.shut, 2) && !in(known->second.blinks, 2) &&
                     !in(known->second.unsure, 2)) {
            ++open;
            open_pass += !cues.eyes_closed;
          }
        }
        if (shut > 0) {
          hit += static_cast<double>(shut_hit) / shut;
          ++with_shut;
        }
        if (open > 0) {
          pass += static_cast<double>(open_pass) / open;
          ++all;
        }
      }
      std::printf("  %-12s limit %.2f: shut seen as shut %.3f, open seen as open %.3f\n", kSignalNames[s],
                  static_cast<double>(limit), hit / with_shut, pass / all);
    }
  }
}

// The clip at another frame rate: at each new instant the mesh of the nearest frame, points and blendshapes
// blended linearly between neighbours where there are two.
std::vector<SeenFrame> resampled(const std::vector<SeenFrame>& frames, double fps) {
  std::vector<SeenFrame> out;
  std::size_t next = 0;
  for (int i = 0; i / fps <= frames.back().time.count(); ++i) {
    const Seconds time{i / fps};
    while (next + 1 < frames.size() && frames[next + 1].time <= time) ++next;
    const SeenFrame& a = frames[next];
    const SeenFrame& b = frames[std::min(next + 1, frames.size() - 1)];
    SeenFrame made{time, a.face};
    if (a.face && b.face && b.time > a.time) {
      const auto share = static_cast<float>((time - a.time) / (b.time - a.time));
      const auto blend = [share](float from, float to) { return from + share * (to - from); };
      for (std::size_t k = 0; k < made.face->points.size(); ++k) {
        records::Point3& p = made.face->points[k];
        const records::Point3& q = b.face->points[k];
        p = {blend(p.x, q.x), blend(p.y, q.y), blend(p.z, q.z)};
      }
      for (std::size_t k = 0; k < made.face->blendshapes.size(); ++k) {
        made.face->blendshapes[k] = blend(made.face->blendshapes[k], b.face->blendshapes[k]);
      }
      made.face->pose.pitch_deg = blend(made.face->pose.pitch_deg, b.face->pose.pitch_deg);
      made.face->pose.yaw_deg = blend(made.face->pose.yaw_deg, b.face->pose.yaw_deg);
    }
    out.push_back(made);
  }
  return out;
}

}  // namespace

void print_blinks(const Clips& clips, const std::filesystem::path& data) {
  const auto labels = read_labels(data);
  std::printf("\nBlinks, by what decides (all clips; recall, false blinks)\n");
  for (std::size_t s = 0; s < std::size(kSignals); ++s) {
    for (const float drop : {0.35f, 0.4f, 0.45f, 0.5f, 0.55f}) {
      std::printf("  %-12s fall %.2f:", kSignalNames[s], static_cast<double>(drop));
      for (const float bottom : {0.4f, 0.5f, 0.55f, 0.6f, 0.7f}) {
        signals::FatigueSettings settings;
        settings.eyes.signal = kSignals[s];
        settings.blinks.min_drop = drop;
        settings.blinks.max_bottom = bottom;
        const Tally all = tally_all(clips, labels, settings, false);
        std::printf("   %d/%d, %d", all.found, all.marked, all.false_blinks);
      }
      std::printf("   (lids down to 0.40 0.50 0.55 0.60 0.70)\n");
    }
  }
  for (std::size_t s = 0; s < std::size(kSignals); ++s) {
    signals::FatigueSettings settings;
    settings.eyes.signal = kSignals[s];
    std::printf("\nWith the settings of the product, decided by %s%s\n", kSignalNames[s],
                kSignals[s] == signals::FatigueSettings{}.eyes.signal ? " (the product's choice)" : "");
    const Tally all = tally_all(clips, labels, settings, true);
    std::printf("  recall %d of %d, precision %d of %d\n", all.found, all.marked, all.found,
                all.found + all.false_blinks);
  }
  print_closed_frames(clips, labels);
}

void print_frame_rates(const Clips& clips) {
  std::printf(
      "\nFrame rates: blinks / PERCLOS / yawns / nods at the clip's own rate, and at 10, 25, 60 frames/s\n");
  for (const auto& [name, frames] : clips) {
    std::printf("  %-52s", name.c_str());
    for (const double fps : {0.0, 10.0, 25.0, 60.0}) {
      signals::FatigueMeter meter;
      records::FatigueCues cues;
      for (const SeenFrame& frame : fps > 0 ? resampled(frames, fps) : frames) {
        cues = frame.face ? meter.update(frame.time, *frame.face) : meter.gap(frame.time);
      }
      std::printf("  %2d / %.3f / %d / %d", cues.blinks, static_cast<double>(cues.perclos), cues.yawns,
                  cues.nods);
    }
    std::printf("\n");
  }
}

}  // namespace pyro::bench

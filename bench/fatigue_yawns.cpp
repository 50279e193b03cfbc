#include <algorithm>
#include <cmath>
#include <cstdio>
#include <set>

#include "fatigue_figures.hpp"
#include "pyro/capture/source.hpp"
#include "pyro/signals/face_measures.hpp"
#include "pyro/signals/fatigue_meter.hpp"

namespace pyro::bench {

namespace {

struct Still {
  std::string file;
  bool yawn = false, test = false, found = false;
  float mar = 0, jaw_open = 0;
};

struct Score {
  int yawns = 0, yawns_hit = 0, others = 0, others_hit = 0, missed_yawns = 0, missed_others = 0;

  // Pictures without a face count as wrong.
  [[nodiscard]] double balanced() const {
    return (static_cast<double>(yawns_hit) / yawns + static_cast<double>(others_hit) / others) / 2;
  }
};

Score score_of(const std::vector<Still>& stills, bool test, float Still::*value, float limit) {
  Score score;
  for (const Still& still : stills) {
    if (still.test != test) continue;
    const bool says_yawn = still.found && still.*value >= limit;
    if (still.yawn) {
      ++score.yawns;
      score.yawns_hit += says_yawn;
      score.missed_yawns += !still.found;
    } else {
      ++score.others;
      score.others_hit += still.found && !says_yawn;
      score.missed_others += !still.found;
    }
  }
  return score;
}

void print_plateau(const std::vector<Still>& stills, float Still::*value, const char* name) {
  std::printf("  %s on the train part, balanced accuracy at each limit:", name);
  for (int i = 2; i <= 22; ++i) {
    const float limit = static_cast<float>(i) * 0.02f;
    std::printf(" %.2f:%.3f", static_cast<double>(limit), score_of(stills, false, value, limit).balanced());
  }
  std::printf("\n");
}

}  // namespace

void print_yawn_stills(face::FaceFinder& finder, const std::filesystem::path& data) {
  const auto folder = std::filesystem::temp_directory_path() / "pyro_yawn_stills";
  std::filesystem::create_directories(folder);
  static_cast<void>(output_of("tar -xzf '" + (data / "yawn/yawn-frames.tar.gz").string() + "' -C '" +
                              folder.string() + "'"));
  std::vector<Still> stills;
  std::set<int> clusters;
  const auto rows = rows_of(data / "yawn/labels.csv");
  for (const auto& row : rows) clusters.insert(std::stoi(row[3]));
  for (const auto& row : rows) {
    Still still{.file = row[0], .yawn = row[2] == "1"};
    // Every other scene cluster, in the order of their numbers, is for testing.
    still.test = std::distance(clusters.begin(), clusters.find(std::stoi(row[3]))) % 2 == 1;
    const auto source = value_or_exit(capture::open((folder / still.file).string()));
    const auto frame = value_or_exit(source->next());
    if (const auto face = face_of(finder, *frame)) {
      still.found = true;
      still.mar = signals::mouth_aspect_ratio(*face);
      still.jaw_open = face->blendshapes[25];
    }
    stills.push_back(still);
  }
  std::filesystem::remove_all(folder);

  std::printf(
      "\nYawn stills: %zu pictures, %zu scene clusters; every other cluster is the test part; no face found "
      "= wrong\n",
      stills.size(), clusters.size());
  print_plateau(stills, &Still::mar, "mouth aspect ratio");
  print_plateau(stills, &Still::jaw_open, "jawOpen");
  for (const bool test : {false, true}) {
    const Score score = score_of(stills, test, &Still::mar, signals::kYawnStillMar);
    std::printf(
        "  %s part at the product's limit %.2f: balanced accuracy %.4f; yawns %d of %d (%d without a face), "
        "others %d of %d "
        "(%d without a face)\n",
        test ? "test" : "train", static_cast<double>(signals::kYawnStillMar), score.balanced(),
        score.yawns_hit, score.yawns, score.missed_yawns, score.others_hit, score.others,
        score.missed_others);
  }
  for (const Still& still : stills) {
    const bool right = still.found && (still.mar >= signals::kYawnStillMar) == still.yawn;
    if (!right) {
      std::printf("    wrong: %-20s %s mar %.3f\n", still.file.c_str(), still.found ? "" : "no face",
                  static_cast<double>(still.mar));
    }
  }
}

void print_yawn_events(const Clips& clips) {
  std::printf("\nYawns and nods in clips (seconds at which they were counted)\n");
  for (const auto& [name, frames] : clips) {
    signals::FatigueMeter meter;
    records::FatigueCues before;
    std::string yawns, nods;
    float widest = 0;
    int unusable = 0;
    for (const SeenFrame& frame : frames) {
      const records::FatigueCues cues =
          frame.face ? meter.update(frame.time, *frame.face) : meter.gap(frame.time);
      if (std::isnan(cues.mar)) ++unusable;
      if (cues.mar > widest) widest = cues.mar;
      char text[32];
      std::snprintf(text, sizeof text, " %.2f", frame.time.count());
      if (cues.yawns > before.yawns) yawns += text;
      if (cues.nods > before.nods) nods += text;
      before = cues;
    }
    std::printf("  %-52s frames %4zu (%d unusable), widest mouth %.2f; yawns:%s; nods:%s\n", name.c_str(),
                frames.size(), unusable, static_cast<double>(widest), yawns.empty() ? " none" : yawns.c_str(),
                nods.empty() ? " none" : nods.c_str());
  }
}

}  // namespace pyro::bench

// The parts of fatigue_figures, each prints its table.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "faces_of.hpp"

namespace pyro::bench {

using Clips = std::map<std::string, std::vector<SeenFrame>>;

// Blinks and shut eyes against bench/eye_labels.csv and the shared events.csv.
void print_blinks(const Clips& clips, const std::filesystem::path& data);
// The same clips at 10, 25 and 60 frames a second.
void print_frame_rates(const Clips& clips);
// Yawn stills, and yawns and nods in the clips.
void print_yawn_stills(face::FaceFinder& finder, const std::filesystem::path& data);
void print_yawn_events(const Clips& clips);

}  // namespace pyro::bench

// Studies of nobody: sessions drawn from a written-down model, to try methods and machines on. Everything
// made from them says that it is simulated.
#pragma once

#include <filesystem>

#include "pyro/study/library.hpp"

namespace pyro::study {

// A person's strain is a normal number (deviation `between`), a session adds another (`within`), and every
// second one that remembers the last (deviation `moment`, correlation exp(-1 / memory_s)). Strain raises the
// logits of angry and sad by itself, of disgust and fear by 0.6 of it, and lowers happy's; softmax gives the
// seven. The frames of a second scatter about it by 0.02. One second in 200 begins a gap of 1 to 10 s.
struct SimulationSettings {
  int persons = 20, sessions = 5;  // sessions of each
  int seconds = 1800;
  double between = 0.5, within = 0.3, moment = 0.6, memory_s = 20;
  int frames_per_s = 30;
  std::uint64_t seed = 1;
};

// Makes a study there; its sessions are a day apart. Errors: those of Study::init; failed, disk full.
[[nodiscard]] Result<Study> simulate(const std::filesystem::path& folder, const SimulationSettings& settings);

}  // namespace pyro::study

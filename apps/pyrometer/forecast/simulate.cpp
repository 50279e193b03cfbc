// forecast simulate: recordings of simulated people, for who wants to see them or fit something else on them.
#include <cstdio>
#include <nlohmann/json.hpp>

#include "forecast/parts.hpp"
#include "pyro/base/files.hpp"

namespace pyro::cli {
namespace {

struct SimulateFlags {
  std::size_t people = 5;
  std::uint64_t seed = 1;
  std::string out;
  forecast::SimulatorSettings simulator;
  bool json = false;
};

int forecast_simulate(const SimulateFlags& flags) {
  nlohmann::json told{{"simulated", true}, {"people", flags.people}, {"seed", flags.seed}};
  for (const forecast::SimulatorParameter& parameter : forecast::simulator_parameters())
    told["parameters"][std::string(parameter.name)] = flags.simulator.*parameter.value;
  std::int64_t sessions = 0, frames = 0;
  for (std::size_t person = 0; person < flags.people; ++person) {
    for (const auto& session : forecast::simulate_person(flags.simulator, flags.seed, person)) {
      if (Status written = forecast::write_simulated(session, flags.out, {}); !written)
        return report(written.error(), flags.json);
      ++sessions;
      frames += static_cast<std::int64_t>(session.frames.size());
    }
  }
  told["sessions"] = sessions;
  told["frames"] = frames;
  const auto facts = std::filesystem::path(flags.out) / "simulated.json";
  if (Status written = replace_file(facts, told.dump(2) + "\n"); !written)
    return report(written.error(), flags.json);
  if (flags.json) {
    std::printf("%s\n", told.dump().c_str());
  } else {
    std::printf("%zu simulated people, %lld sessions, %lld frames: %s\n", flags.people,
                static_cast<long long>(sessions), static_cast<long long>(frames), flags.out.c_str());
  }
  return 0;
}

}  // namespace

void add_forecast_simulate(CLI::App& forecast, Chosen& chosen) {
  CLI::App* verb = forecast.add_subcommand(
      "simulate", "Writes recordings of simulated people: PERSON/SESSION/frames.csv, and simulated.json");
  auto flags = std::make_shared<SimulateFlags>();
  verb->add_option("--out", flags->out, "Folder to write to")->required();
  verb->add_option("--people", flags->people)->check(CLI::Range(1, 100000))->capture_default_str();
  verb->add_option("--seed", flags->seed)->capture_default_str();
  verb->add_flag("--json", flags->json, "One line of JSON");
  add_simulator_flags(*verb, flags->simulator);
  verb->footer("Example: pyrometer forecast simulate --people 3 --sim.session_s 300 --out out/simulated");
  verb->callback([&chosen, flags] { chosen = [flags] { return forecast_simulate(*flags); }; });
}

}  // namespace pyro::cli

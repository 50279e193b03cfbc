// doctor: is everything there that Pyrometer needs, and what to do where it is not.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "cli.hpp"
#include "pyro/capture/source.hpp"

namespace pyro::cli {
namespace {

enum class State { good, note, bad };
struct Finding {
  std::string what;
  State state;
  std::string text;    // what was found
  std::string advice;  // what to do; empty when good
};

Finding check_processor() {
  std::ifstream file("/proc/cpuinfo");
  std::string line, model = "unknown processor", flags;
  while (std::getline(file, line)) {
    const std::size_t colon = line.find(": ");
    if (colon == std::string::npos) continue;
    if (line.starts_with("model name")) model = line.substr(colon + 2);
    if (line.starts_with("flags")) flags = line.substr(colon + 1) + " ";
  }
  std::string found = model + ", " + std::to_string(std::thread::hardware_concurrency()) + " cores;";
  for (const char* feature : {"avx2", "avx512f", "avx512_bf16", "avx512_vnni", "amx_bf16"}) {
    if (flags.find(std::string(" ") + feature + " ") != std::string::npos)
      found += std::string(" ") + feature;
  }
#if defined(__x86_64__)
  if (flags.find(" avx2 ") == std::string::npos) {
    return {"processor", State::note, found,
            "without AVX2 the networks run several times slower: use --mesh fast"};
  }
#endif
  return {"processor", State::good, found, ""};
}

Finding check_models(const Result<infer::ModelStore>& models) {
  if (!models) return {"models", State::bad, models.error().text(), "run setup/fetch"};
  for (const infer::ModelEntry& model : models->entries()) {
    if (Status verified = models->verify(model); !verified) {
      return {"models", State::bad, verified.error().text(), "run setup/fetch"};
    }
  }
  return {"models", State::good, std::to_string(models->entries().size()) + " models, checksums right", ""};
}

Finding check_inference(const Result<infer::ModelStore>& models) {
  if (!models) return {"inference", State::bad, "not tried: no models", "run setup/fetch"};
  pipeline::WalkSettings settings;
  settings.threads = 1;
  const Result<pipeline::Walk> walk = pipeline::Walk::create(*models, settings);
  if (!walk) return {"inference", State::bad, walk.error().text(), "run setup/fetch, then this again"};
  return {"inference", State::good, "all networks load and compile", ""};
}

Finding check_cameras() {
  const std::vector<capture::CameraInfo> cameras = capture::list_cameras();
  if (cameras.empty()) {
    return {"camera", State::note, "none found",
            "plug one in for live use, or give a file: pyrometer live --source clip.mp4"};
  }
  std::string found;
  for (const capture::CameraInfo& camera : cameras) {
    if (!camera.readable) {
      return {"camera", State::bad, camera.path + " may not be opened by this user",
              "add the user to the group video (usermod -aG video $USER) and sign in again"};
    }
    found += (found.empty() ? "" : "; ") + camera.path + " " + camera.name;
  }
  return {"camera", State::good, found, ""};
}

Finding check_display() {
  if (std::getenv("DISPLAY") != nullptr || std::getenv("WAYLAND_DISPLAY") != nullptr)
    return {"display", State::good, "there", ""};
  return {"display", State::note, "none",
          "live opens no window here: use --headless, or start it in a desktop session"};
}

Finding check_disk() {
  std::error_code error;
  const auto space = std::filesystem::space(".", error);
  if (error) return {"disk", State::note, "free space of this folder is not known", ""};
  const double free_gb = static_cast<double>(space.available) / 1e9;
  char text[64];
  std::snprintf(text, sizeof text, "%.1f GB free here", free_gb);
  if (free_gb < 1)
    return {"disk", State::note, text, "a run writes about 90 MB an hour and person: make room"};
  return {"disk", State::good, text, ""};
}

int examine(bool json) {
  const Result<infer::ModelStore> models = open_models();
  const std::vector<Finding> findings{check_processor(), check_models(models), check_inference(models),
                                      check_cameras(),   check_display(),      check_disk()};
  int exit = 0;
  nlohmann::json list = nlohmann::json::array();
  for (const Finding& finding : findings) {
    const char* state = finding.state == State::good ? "ok" : finding.state == State::note ? "note" : "bad";
    if (finding.state == State::bad) exit = exit_code(ErrorCode::failed);
    list.push_back(
        {{"check", finding.what}, {"state", state}, {"found", finding.text}, {"advice", finding.advice}});
    if (json) continue;
    std::printf("%-10s %-5s %s\n", finding.what.c_str(), state, finding.text.c_str());
    if (!finding.advice.empty()) std::printf("%-16s -> %s\n", "", finding.advice.c_str());
  }
  if (json) std::printf("%s\n", nlohmann::json{{"checks", list}, {"ok", exit == 0}}.dump().c_str());
  return exit;
}

}  // namespace

void add_doctor(CLI::App& app, Chosen& chosen) {
  CLI::App* verb = app.add_subcommand(
      "doctor", "Checks processor, models, inference, camera, display and disk, and says what to do");
  auto json = std::make_shared<bool>(false);
  verb->add_flag("--json", *json, "One line of JSON");
  verb->footer("Example: pyrometer doctor");
  verb->callback([&chosen, json] { chosen = [json] { return examine(*json); }; });
}

}  // namespace pyro::cli

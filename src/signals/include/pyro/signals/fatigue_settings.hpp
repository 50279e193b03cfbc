// Every threshold of the fatigue cues, with its unit and where it comes from. The figures behind them:
// docs/fatigue.md.
#pragma once

#include "pyro/base/time.hpp"
#include "pyro/records/signals.hpp"

namespace pyro::signals {

// Which of the two readings of an eye decides how open it is. Without blendshapes it is always geometry.
enum class EyeSignal { geometry, blendshapes, both };

struct EyeSettings {
  EyeSignal signal = EyeSignal::both;
  float shut_share_of_open = 0.35f;  // 3-D eye aspect ratio of a shut eye, as share of this person's open eye
  float blink_shut = 0.45f;          // eyeBlink of a shut eye, at least
  float blink_min_range = 0.20f;     // and at least this far above this person's open eye
  float closed_below = 0.2f;  // P80: openness under which the eyes count as closed (Wierwille et al. 1994)
};

// Openness is 0 shut .. 1 open, here not cut off at 0: lids that are pressed together reach -0.5.
struct BlinkSettings {
  Seconds look_back{0.4};    // the eyes before the dip: highest openness within this time
  float min_drop = 0.45f;    // fall of openness that may be a blink
  float max_bottom = 0.55f;  // openness that the lids must fall to
  float recovered = 0.55f;   // share of the fall that must be regained for the dip to be over
  Seconds shortest{0.03};    // at half height; a blink lasts 0.1 to 0.4 s (Stern, Walrath & Goldstein 1984),
                             // the lower limit leaves room for clips of 25 frames/s
  Seconds longest{0.5};      // longer is "eyes closed", not a blink
};

struct YawnSettings {
  float wide_mar = 0.40f;  // mouth aspect ratio at which a yawn may begin
  float open_mar = 0.30f;  // and under which it ends
  Seconds shortest{2.0};   // talking and laughing do not hold the mouth that wide for so long
};

struct NodSettings {
  float min_drop_deg = 10;   // the head falls by this against where it rested
  float back_deg = 4;        // and comes back to within this
  float most_turn_deg = 20;  // a head that turns further meanwhile looks away
  Seconds shortest{0.2};
  Seconds longest{2.0};    // longer is another posture
  Seconds rest_time{3.0};  // time constant of where it rests
};

struct FatigueSettings {
  EyeSettings eyes;
  BlinkSettings blinks;
  YawnSettings yawns;
  NodSettings nods;
  float mouth_wide_mar = 0.60f;  // mouth openness 1: about the median of 300 yawns
  Seconds longest_gap{0.35};     // two readings further apart are not connected
  Seconds perclos_from{1};       // PERCLOS is known after this much seen time
  Seconds rate_from{5};          // and the blink rate after this
};

// What a person's face does at rest, from FatigueMeter::calibration() after about 20 s of a neutral face.
// NaN: not known, the meter learns it while watching.
struct FatigueCalibration {
  float ear_open_right = records::kNoValue, ear_open_left = records::kNoValue;
  float blink_open_right = records::kNoValue,
        blink_open_left = records::kNoValue;  // blendshapes of open eyes
  float mar_shut = records::kNoValue;
};

}  // namespace pyro::signals
